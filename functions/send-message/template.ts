import * as z from 'zod/mini';
import {
  atMost,
  kindError,
  objectError,
  shortText,
  typeError,
} from '../../shared/runtime/http/field-faults.ts';
import { fetchedUrl } from './media-source.ts';

const maxElements = 10;
const maxButtons = 3;
const maxElementCharacters = 80;
const maxButtonTextCharacters = 640;

const filled = z
  .string({ error: typeError('a string') })
  .check(z.minLength(1, { error: '{field} is empty.' }));

const openedUrl = z.string({ error: typeError('a string: an https or http address') }).check(
  z.refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), {
    error: '{field} must be an https or http address.',
  }),
);

/** The limit of 20 to a button's title is Messenger's; Instagram's pages name none, so Meta decides. MP §3.8 */
const button = z.discriminatedUnion(
  'type',
  [
    z.strictObject(
      { type: z.literal('web_url'), url: openedUrl, title: filled },
      { error: objectError('type, url and title') },
    ),
    z.strictObject(
      { type: z.literal('postback'), payload: filled, title: filled },
      { error: objectError('type, payload and title') },
    ),
  ],
  { error: kindError('type', 'web_url or postback') },
);

const counted = (limit: number, what: string) =>
  atMost<readonly unknown[]>(
    limit,
    ({ length }) => length,
    (size) => `{field} has ${size} ${what}, and Instagram takes at most ${limit}.`,
  );

const buttons = z
  .array(button, { error: typeError('a list') })
  .check(z.minLength(1, { error: '{field} is empty: give 1 to 3 buttons.' }), counted(maxButtons, 'buttons'));

const besideTitle = ['subtitle', 'image_url', 'default_action', 'buttons'] as const;
const elementMembers = 'title and at least one of subtitle, image_url, default_action and buttons';

const element = z
  .strictObject(
    {
      title: shortText(maxElementCharacters),
      subtitle: z.optional(shortText(maxElementCharacters)),
      image_url: z.optional(fetchedUrl),
      default_action: z.optional(
        z.strictObject(
          { type: z.literal('web_url', { error: '{field} must be web_url.' }), url: openedUrl },
          { error: objectError('type and url') },
        ),
      ),
      buttons: z.optional(buttons),
    },
    { error: objectError(elementMembers) },
  )
  .check(
    z.refine((members) => besideTitle.some((name) => members[name] !== undefined), {
      error: `{field} must have ${elementMembers}.`,
    }),
  );

const generic = z.strictObject(
  {
    template_type: z.literal('generic'),
    elements: z
      .array(element, { error: typeError('a list') })
      .check(
        z.minLength(1, { error: '{field} is empty: give 1 to 10 elements.' }),
        counted(maxElements, 'elements'),
      ),
  },
  { error: objectError('template_type and elements') },
);

const buttonTemplate = z.strictObject(
  { template_type: z.literal('button'), text: shortText(maxButtonTextCharacters), buttons },
  { error: objectError('template_type, text and buttons') },
);

/**
 * The `payload` of a template, in Meta's own names.
 * https://developers.facebook.com/docs/instagram-messaging/generic-template
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/button-template
 */
export const template = z
  .discriminatedUnion('template_type', [generic, buttonTemplate], {
    error: kindError('template_type', 'generic or button'),
  })
  .register(z.globalRegistry, {
    id: 'Template',
    description: `generic: up to ${maxElements} elements, title and subtitle up to ${maxElementCharacters} characters. button: a text of up to ${maxButtonTextCharacters} characters. Both: up to ${maxButtons} buttons.`,
    examples: [
      {
        template_type: 'button',
        text: 'Where shall we send it?',
        buttons: [{ type: 'postback', title: 'To my home', payload: 'SHIP_HOME' }],
      },
    ],
  });
