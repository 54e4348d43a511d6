import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Meta } from '../../../infra/meta-simulator/start-meta.ts';
import { accessToken, call, startTestMeta } from './simulated-meta.ts';

let meta: Meta;
beforeAll(async () => {
  meta = await startTestMeta();
});
afterAll(() => meta.stop());

const anything = fc.jsonValue({ maxDepth: 3 });
const someOf = (shape: Record<string, fc.Arbitrary<unknown>>) => fc.record(shape, { requiredKeys: [] });
const text = fc.oneof(fc.string(), fc.constantFrom('text', 'template', 'image', 'generic', 'button', 'pass'));
const payload = someOf({
  url: fc.oneof(fc.webUrl(), text),
  id: text,
  attachment_id: text,
  template_type: text,
  elements: fc.array(someOf({ title: text, subtitle: text, buttons: anything, default_action: anything })),
  buttons: fc.array(someOf({ type: fc.constantFrom('web_url', 'postback'), title: text, url: text })),
  text,
  message_id: text,
  reaction: text,
});
const attachment = someOf({ type: text, payload: fc.oneof(payload, anything) });
const message = someOf({
  text: fc.oneof(text, anything),
  attachment: fc.oneof(attachment, anything),
  attachments: fc.oneof(fc.array(attachment), anything),
  quick_replies: fc.oneof(fc.array(someOf({ content_type: text, title: text, payload: text })), anything),
});
const recipient = fc.oneof(
  fc.constant({ id: '123456789' }),
  someOf({ id: fc.oneof(text, anything), comment_id: fc.oneof(text, anything) }),
  anything,
);
const body = someOf({
  recipient,
  message: fc.oneof(message, anything),
  sender_action: fc.oneof(fc.constantFrom('react', 'unreact', 'typing_on', 'mark_seen'), anything),
  payload: fc.oneof(payload, anything),
  reply_to: anything,
  tag: fc.oneof(fc.constant('HUMAN_AGENT'), anything),
  messaging_type: anything,
  thread_control: fc.oneof(someOf({ app_id: text, control_type: text }), anything),
  subscribed_fields: anything,
  fields: anything,
  ice_breakers: anything,
  persistent_menu: anything,
  platform: fc.constant('instagram'),
});
const edge = fc.constantFrom(
  'messages',
  'message_attachments',
  'messenger_profile',
  'subscribed_apps',
  'take_thread_control',
  'pass_thread_control',
);

/** Answered or refused, but nothing that Meta would call an unknown error. */
const answered = [200, 400];

it('no body breaks a call', async () => {
  await fc.assert(
    fc.asyncProperty(edge, body, async (to, sent) => {
      expect(answered).toContain((await call(meta, `/v25.0/me/${to}`, sent)).status);
    }),
    { numRuns: 500 },
  );
});

it('no query breaks a read', async () => {
  const parameters = fc.dictionary(
    fc.constantFrom(
      'fields',
      'limit',
      'after',
      'user_id',
      'platform',
      'ids',
      'appsecret_proof',
      'appsecret_time',
    ),
    fc.oneof(fc.string(), fc.constantFrom('id,messages{from}', 'instagram', '5', 'me')),
  );
  const path = fc.oneof(
    fc.constantFrom('', 'me', 'me/conversations', 'me/accounts', 'debug_token'),
    fc.webPath(),
  );
  await fc.assert(
    fc.asyncProperty(path, parameters, async (at, query) => {
      const search = new URLSearchParams({ ...query, access_token: accessToken }).toString();
      const { status } = await call(meta, `/v25.0/${at.replace(/^\/+/, '')}?${search}`, undefined, {});
      expect(answered).toContain(status);
    }),
    { numRuns: 300 },
  );
});
