import { describe, expect, test } from 'vitest';
import type { Observations } from '../../../../shared/account/health-store.ts';
import {
  fieldsToRenew,
  observeSubscription,
  ownApp,
  type SubscriptionSeen,
} from '../../../../shared/account/subscription-drift.ts';
import { messageFields } from '../../../../shared/account/subscription-fields.ts';

const accountId = '17841400000000001';
const nowMs = Date.UTC(2026, 0, 2);
const hourMs = 3_600_000;
const before: Observations = {
  subscribedAccount: accountId,
  subscribedFields: ['message_reactions', 'messages'],
};
const instagram = (fields?: readonly string[]): SubscriptionSeen => ({
  login: 'instagram',
  accountId,
  app: { ...(fields && { fields }) },
});
const page = (isThere: boolean): SubscriptionSeen => ({
  login: 'facebook',
  accountId,
  ...(isThere && { app: { appId: '1', fields: ['feed'] } }),
});
const gone: SubscriptionSeen = { login: 'instagram', accountId };

describe('what is renewed', () => {
  test.each<[string, SubscriptionSeen, Observations, readonly string[] | undefined]>([
    ['all that was there, when nothing is', gone, before, ['message_reactions', 'messages']],
    [
      'what has gone, with what is there, ours or not',
      instagram(['comments', 'messages']),
      before,
      ['comments', 'messages', 'message_reactions'],
    ],
    ['the Page by one field', page(false), { ...before, subscribedFields: ['feed'] }, ['feed']],
    ['nothing, when all is there', instagram(['messages', 'message_reactions']), before, undefined],
    ['nothing of a Page that is subscribed', page(true), before, undefined],
    ['nothing, when Meta hides the fields', instagram(), before, undefined],
    ['nothing that was never seen there', gone, {}, undefined],
    ["nothing of another account's", gone, { ...before, subscribedAccount: '17841400000000002' }, undefined],
    [
      'nothing twice within a day',
      gone,
      { ...before, subscriptionTriedAtMs: nowMs - 23 * hourMs },
      undefined,
    ],
    [
      'again after a day',
      gone,
      { ...before, subscriptionTriedAtMs: nowMs - 24 * hourMs },
      ['message_reactions', 'messages'],
    ],
  ])('%s', (_what, seen, observed, expected) => {
    expect(fieldsToRenew(seen, observed, nowMs)).toEqual(expected);
  });
});

describe('what is remembered', () => {
  test.each<[string, SubscriptionSeen | undefined, Observations, object]>([
    [
      'the fields that we need, and no others',
      instagram(['messages', 'comments', 'message_reactions']),
      {},
      before,
    ],
    ['nothing new, when it is known', instagram(['messages', 'message_reactions']), before, {}],
    ['what has gone stays', instagram(['messages']), before, {}],
    [
      'another account begins anew',
      instagram(['messages']),
      { ...before, subscribedAccount: '17841400000000002' },
      { subscribedAccount: accountId, subscribedFields: ['messages'] },
    ],
    [
      'all, where Meta hides the fields',
      instagram(),
      {},
      { subscribedAccount: accountId, subscribedFields: [...messageFields].toSorted() },
    ],
    ['the Page', page(true), {}, { subscribedAccount: accountId, subscribedFields: ['feed'] }],
    ['nothing of what is not there', gone, before, {}],
    ['nothing that Meta did not tell', undefined, before, {}],
  ])('%s', (_what, seen, observed, expected) => {
    expect(observeSubscription(seen, observed)).toEqual(expected);
  });
});

describe("our app's entry", () => {
  const secret = { access_token: 'token', ig_user_id: accountId };
  const listed = [{ appId: '2' }, { appId: '1', fields: ['feed'] }];
  const metaOf = (login: 'facebook' | 'instagram', appId?: string) => ({
    secret: { ...secret, login },
    token: { pairs: [], ...(appId && { facts: { appId, isValid: true } as never }) },
  });

  test("is that of the token's app among the others of the Page", () => {
    expect(ownApp(metaOf('facebook', '1'), listed)).toEqual(listed[1]);
    expect(ownApp(metaOf('facebook', '1'), [{ appId: '2' }])).toBeUndefined();
  });

  test('is the first where that app is not known', () => {
    expect(ownApp(metaOf('facebook'), listed)).toEqual(listed[0]);
  });

  test('is the only one that an Instagram token sees, under whichever id', () => {
    expect(ownApp(metaOf('instagram', '1'), [{ appId: '3' }])).toEqual({ appId: '3' });
  });
});
