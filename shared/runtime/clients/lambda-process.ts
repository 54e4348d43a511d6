/**
 * What the SDK takes from `node:process`, in place of the module, in the functions' bundles alone: a module of Node's is
 * imported with all that it exports, and reading each of them opens the standard streams and lists Node's own flags.
 */
export const { env, versions } = process;
