import { appToken } from './read-token.ts';
import type { CheckInput } from './seen.ts';

const hidden = '[hidden]';

/** Shorter ones are no secrets of Meta's, and may be words of ours. The verify token is never told to Graph. */
const minSecretLength = 8;

/** How tokens of Facebook and Instagram login look. */
const tokenLike = /\b(?:EAA|IGA|IGQ)[A-Za-z0-9_-]{16,}/g;

/**
 * The value without any token or secret in its texts: Meta's messages may quote what they refuse, and reports
 * are stored and shown.
 */
export function withoutSecrets<T>(value: T, { webhook, graph }: CheckInput['connection']): T {
  const secrets: string[] = [
    ...(webhook?.apps.flatMap(({ app_id: id, app_secret: secret }) => [
      ...(id === undefined ? [] : [appToken(id, secret)]),
      secret,
    ]) ?? []),
    graph?.access_token,
    graph?.appsecret_proof,
  ].filter((secret): secret is string => secret !== undefined && secret.length >= minSecretLength);
  return map(value, (text) =>
    secrets.reduce((shown, secret) => shown.replaceAll(secret, hidden), text).replace(tokenLike, hidden),
  ) as T;
}

function map(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => map(each, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each, change)]));
}
