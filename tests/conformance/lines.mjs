// Lines of a stream. Not readline: it waits for ever on a stream that is
// destroyed before its end, and takes no notice of one that fails.

/** The lines of a stream of UTF-8 text, read no faster than they are taken. */
export async function* linesOf(stream) {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    yield* lines;
  }
  if (rest !== '') yield rest;
}
