import {
  facebookPermissions,
  findingCatalogue,
  instagramPermissions,
} from '../../../shared/account/finding-catalogue.ts';
import { CommandFailed } from '../command.ts';
import type { Login } from './connection.ts';

const where: Readonly<Record<Login, string>> = {
  facebook:
    'In the Graph API Explorer add them under the permissions, press the button that generates the token, and agree to all for this Page.',
  instagram:
    'In the App Dashboard, under Instagram > API setup with Instagram login, add the permissions and generate a new token.',
};

export function permissionsFor(login: Login): readonly (keyof typeof means)[] {
  return login === 'facebook' ? facebookPermissions : instagramPermissions;
}

/** Throws CommandFailed naming each permission that is missing, and what does not work without it. */
export function requirePermissions(login: Login, scopes: readonly string[]): void {
  const missing = permissionsFor(login).filter((permission) => !scopes.includes(permission));
  if (missing.length === 0) return;
  throw new CommandFailed(
    [
      `The token lacks ${missing.length === 1 ? 'a permission' : `${missing.length} permissions`}; nothing was changed.`,
      ...missing.map((permission) => `  ${permission}: ${means[permission]}`),
      where[login],
    ].join('\n'),
  );
}

const means = Object.fromEntries(
  [...facebookPermissions, ...instagramPermissions].map((permission) => [
    permission,
    findingCatalogue[`permission_missing_${permission}`].means,
  ]),
) as Readonly<Record<(typeof facebookPermissions)[number] | (typeof instagramPermissions)[number], string>>;
