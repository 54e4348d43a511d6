import { facebookPermissions, instagramPermissions, type Permission } from '../finding-catalogue.ts';
import { type Finding, finding } from '../findings.ts';
import { describeRefusal, type Reading } from '../graph-reading.ts';
import type { AccountReading } from '../read-account.ts';
import type { TokenFacts } from '../read-token.ts';
import type { MetaSeen } from '../seen.ts';
import { type Check, found, nothing, type Said, together, unchecked } from './check.ts';
import { whyUntold } from './token.ts';

/** Whether the token has each permission that its login needs. */
export const checkPermissions: Check = ({ meta }) => {
  if (!meta || meta.trouble || isUnreached(meta)) return nothing;
  const { facts } = meta.token;
  return facts ? byFacts(meta, facts) : byBehaviour(meta);
};

/** Meta's own list: those that are not granted, or granted for other Pages and accounts alone. */
function byFacts({ secret, account }: MetaSeen, { scopes, targetIds }: TokenFacts): Said {
  const own = account.ok ? idsOf(account.value) : [];
  return found(
    ...needed(secret.login).flatMap((permission) => {
      if (!scopes.includes(permission))
        return missing(permission, 'Meta does not list it among those granted.');
      const targets = targetIds[permission] ?? [];
      const isForOthers = targets.length > 0 && own.length > 0 && !targets.some((id) => own.includes(id));
      return isForOthers ? missing(permission, `It was granted for ${targets.join(', ')} alone.`) : [];
    }),
  );
}

/** Empty while the account is not known, since most permissions are granted for it. */
function idsOf(account: AccountReading): string[] {
  if (account.kind === 'instagram') return [account.accountId, account.appScopedId];
  return account.account ? [account.pageId, account.account.id] : [];
}

/** Without it: what was refused lacks its permission, and what was answered has it. */
function byBehaviour(meta: MetaSeen): Said {
  const { secret, account, subscribedApps, conversations } = meta;
  const isFacebook = secret.login === 'facebook';
  const messages = isFacebook ? 'instagram_manage_messages' : 'instagram_business_manage_messages';
  const tried: readonly (readonly [Reading<unknown> | undefined, readonly Permission[]])[] = [
    [account, isFacebook ? [] : ['instagram_business_basic']],
    [subscribedApps, isFacebook ? ['pages_manage_metadata'] : []],
    [conversations, isFacebook ? [messages, 'pages_read_engagement'] : [messages]],
  ];
  const lacking = new Map<Permission, string>();
  for (const [reading, needs] of tried) {
    const words = reading && permissionRefusal(reading);
    const named = needed(secret.login).find((permission) => words?.includes(permission));
    const permission = named ?? needs[0];
    if (words !== undefined && permission) lacking.set(permission, words);
  }
  // A Page's account is left out in silence for want of this one.
  const hidesAccount = account.ok && account.value.kind === 'page' && !account.value.account;
  if (hidesAccount && conversations?.ok && !conversations.value.isEmpty) {
    lacking.set('instagram_basic', 'Meta tells no account of the Page, and lists its conversations.');
  }
  const shown = tried.flatMap(([reading, needs]) => (reading?.ok ? needs : []));
  const seesAccount = account.ok && account.value.kind === 'page' && account.value.account !== undefined;
  const unknown = needed(secret.login).filter(
    (permission) =>
      !lacking.has(permission) &&
      !shown.includes(permission) &&
      !(permission === 'instagram_basic' && seesAccount),
  );
  return together(
    found(...[...lacking].flatMap(([permission, words]) => missing(permission, words))),
    unknown.length === 0 ? nothing : unchecked(`the permissions ${unknown.join(', ')}`, whyUntold(meta)),
  );
}

/** Meta's words, when it refused for want of a permission: 10 and 200 to 299 without another reason. MP §7. */
export function permissionRefusal(reading: Reading<unknown>): string | undefined {
  if (reading.ok || reading.failure.kind !== 'refused') return undefined;
  const { details } = reading.failure;
  const { code, error_subcode: subcode } = details;
  const isOfPermissions = code === 10 || code === 3 || (code >= 200 && code <= 299);
  return isOfPermissions && subcode === undefined ? describeRefusal(details) : undefined;
}

function missing(permission: Permission, why: string): Finding[] {
  return [finding(`permission_missing_${permission}`, why)];
}

function needed(login: MetaSeen['secret']['login']): readonly Permission[] {
  return login === 'facebook' ? facebookPermissions : instagramPermissions;
}

function isUnreached({ account }: MetaSeen): boolean {
  return !account.ok && account.failure.kind === 'not_reached';
}
