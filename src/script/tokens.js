// Makes tokens as an SDK does, of a class. Members are fields, so that no setter of the script's hears of
// them. With `own` they are the decoded JWT as well.
(() => {
  let given, text;
  class Resource {
    pathRoot = "tokens";
    jwt = given;
    getRawString = ((raw) => ({ getRawString: () => raw }).getRawString)(text);
    object = "token";
    isNew() {
      return false;
    }
  }
  // No class is another one's parent: whom it would call a script could say.
  class Token {
    pathRoot = "tokens";
    jwt = given;
    getRawString = ((raw) => ({ getRawString: () => raw }).getRawString)(text);
    object = "token";
    claims = given.claims;
    header = given.header;
    encoded = given.encoded;
  }
  return (jwt, raw, own) => {
    given = jwt;
    text = raw;
    return own ? new Token() : new Resource();
  };
})()
