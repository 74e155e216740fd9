// Worker processes that take comparisons from one list, each as it gets free.

import { fork } from 'node:child_process';
import { InputError } from './errors.mjs';

const WORKER = new URL('worker.mjs', import.meta.url);

/** For how long a worker may say nothing before it is taken for one that loops, in seconds. */
export const PATIENCE_SECONDS = 60;

/** What a worker's heap may have, in MiB. */
const MAX_HEAP_MIB = 4096;

/**
 * @param tasks [{version, file, source, until}]
 * @param report {progress(task, {replayed, all}), done(result, task), refused(task, error)}: `done` is called in the
 *   order of the tasks; `refused`, where there is one, says what to take for a result where the input is wrong
 * @returns the results in the order of the tasks
 */
export async function runTasks(tasks, jobs, report, patience = PATIENCE_SECONDS) {
  const results = new Array(tasks.length);
  const ended = new Array(tasks.length).fill(false);
  let next = 0;
  let told = 0;
  const execArgv = [...process.execArgv, `--max-old-space-size=${MAX_HEAP_MIB}`];
  const workers = Array.from({ length: Math.min(jobs, tasks.length) }, () => fork(WORKER, { execArgv }));
  try {
    await Promise.all(
      workers.map(async (worker) => {
        while (next < tasks.length) {
          const index = next++;
          const task = tasks[index];
          results[index] = await runTask(worker, task, report, patience).catch((error) => {
            if (report.refused === undefined || !(error instanceof InputError)) throw error;
            return report.refused(task, error);
          });
          // In the order of the tasks, so that two runs say the same.
          ended[index] = true;
          for (; ended[told]; told++) report.done(results[told], tasks[told]);
        }
      }),
    );
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
  }
  return results;
}

function runTask(worker, task, report, patience) {
  return new Promise((resolve, reject) => {
    let silence;
    const finish = (settle, value) => {
      clearTimeout(silence);
      worker.removeAllListeners('message');
      worker.removeAllListeners('exit');
      settle(value);
    };
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => {
        finish(reject, new InputError(`${nameOf(task)} has not come back for ${patience} s: it loops, it seems`));
      }, patience * 1000);
    };
    worker.on('exit', (code, signal) => {
      const ended = `${nameOf(task)} ended its process (${code ?? signal})`;
      finish(reject, task.file === undefined ? new Error(ended) : new InputError(ended));
    });
    worker.on('message', ({ progress, result, error, input }) => {
      listen();
      if (progress) report.progress(task, progress);
      else if (result) finish(resolve, result);
      else if (error !== undefined) finish(reject, input ? new InputError(error) : new Error(error));
    });
    listen();
    worker.send(task);
  });
}

function nameOf({ version, file }) {
  return file ?? `the worker for ${version}`;
}
