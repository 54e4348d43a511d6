import { type Finding, finding } from '../findings.ts';
import type { CallbackProbe } from '../probe-callback.ts';
import type { Seen } from '../seen.ts';
import { type Check, found, nothing, together } from './check.ts';
import { instagramWebhook } from './subscription.ts';

/** Whether Meta's deliveries can arrive at the public address, and go there. */
export const checkCallback: Check = (seen) => {
  const { callback } = seen;
  if (!callback) return nothing;
  const broken = judge(callback.url, callback.probe);
  const elsewhere = metaDeliversTo(seen);
  const isElsewhere = elsewhere !== undefined && !isSame(elsewhere, callback.url);
  return together(
    broken ? found(broken) : nothing,
    isElsewhere
      ? found(
          finding(
            'callback_elsewhere',
            `Meta delivers to ${elsewhere}, and this gateway is at ${callback.url}.`,
          ),
        )
      : nothing,
  );
};

/** Whether deliveries are lost on the way, which explains why none come. */
export function isCallbackBroken(seen: Seen): boolean {
  return (checkCallback(seen).findings ?? []).length > 0;
}

/** The callback URL of the app's webhook for the object instagram; `undefined` where Meta does not tell. */
export function metaDeliversTo(seen: Seen): string | undefined {
  return instagramWebhook(seen)?.callbackUrl;
}

function judge(url: string, probe: CallbackProbe): Finding | undefined {
  switch (probe.result) {
    case 'ok':
      return undefined;
    case 'unreachable':
      return finding('callback_unreachable', `${url}: ${probe.why}.`);
    case 'redirect':
      return finding(
        'callback_redirects',
        `${url} answers ${probe.status} and leads to ${probe.location ?? 'nowhere'}.`,
      );
    case 'html':
      return finding('callback_answers_html', `${url} answers ${probe.status} with HTML.`);
    case 'wrong_answer':
      return finding('callback_wrong_answer', `${url}: ${probe.why}.`);
  }
}

function isSame(a: string, b: string): boolean {
  const normal = (url: string) => (URL.parse(url)?.href ?? url).replace(/\/+$/, '');
  return normal(a) === normal(b);
}
