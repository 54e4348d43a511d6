import { withoutSecrets } from '../../../shared/account/redact.ts';
import { CommandFailed } from '../command.ts';
import type { KnownApps } from './check-apps.ts';

/** Writes the command's lines, without any token or secret that it knows: Meta's words may quote them. */
export interface Speaker {
  /** Something is as it should be. */
  readonly tell: (line: string) => void;
  /** It works, and should be looked at. */
  readonly warn: (line: string) => void;
  /** A text as it stands; the verify token may be in it. */
  readonly say: (text: string) => void;
  /** From now on these are never shown. */
  readonly keepSecret: (known: { readonly token?: string; readonly apps?: KnownApps }) => void;
  /** The failure, with the same care. */
  readonly redact: (error: unknown) => unknown;
}

export function speaker(): Speaker {
  const tokens: string[] = [];
  const apps: { app_id: string; app_secret: string }[] = [];
  const shown = (text: string): string =>
    tokens.reduce(
      (rest, token) =>
        withoutSecrets(rest, {
          graph: { access_token: token, ig_user_id: '', login: 'facebook' },
          webhook: { apps, verify_token: '' },
        }),
      withoutSecrets(text, { webhook: { apps, verify_token: '' } }),
    );
  return {
    tell: (line) => console.log(`✓ ${shown(line)}`),
    warn: (line) => console.log(`! ${shown(line)}`),
    say: (text) => console.log(shown(text)),
    keepSecret({ token, apps: more = [] }) {
      if (token !== undefined) tokens.push(token);
      apps.push(...more.map(({ id, secret }) => ({ app_id: id, app_secret: secret })));
    },
    redact: (error) =>
      error instanceof CommandFailed ? new CommandFailed(`✗ ${shown(error.message)}`) : error,
  };
}
