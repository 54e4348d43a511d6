/**
 * In place of what reads `~/.aws/config` and `~/.aws/credentials`, in the functions' bundles alone: a Lambda has neither,
 * and each client looks for both before its first call. So a function on a laptop does not follow them either.
 */
export const CONFIG_PREFIX_SEPARATOR = '.';
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });
