/** What the user can put right: a wrong option, a missing program, a malformed file. Exit code 2. */
export class InputError extends Error {}
