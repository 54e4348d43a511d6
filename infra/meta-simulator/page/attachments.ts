import { button, element } from './element.ts';
import type { ShownAttachment } from './wire.ts';

type Tap = (title: string, payload: string) => void;

/** What a link attachment is called on the phone. */
const linkNames: Readonly<Record<string, string>> = {
  file: 'File',
  share: 'Shared post',
  ig_post: 'Shared post',
  media_share: 'Shared post',
  ig_reel: 'Reel',
  reel: 'Reel',
  story: 'Story',
  ig_story: 'Story',
  story_mention: 'Mentioned the business in a story',
};

/** One attachment as the Instagram app shows it; an unknown kind by its name. */
export function attachmentView({ type, payload = {} }: ShownAttachment, tap: Tap): HTMLElement {
  const url = webAddress(payload.url);
  const kind = type.toLowerCase();
  if (kind === 'template') return template(payload, tap);
  if (kind === 'like_heart') return element('p', { class: 'heart' }, '❤️');
  if (kind === 'ephemeral') return element('p', { class: 'quiet' }, 'Disappearing photo or video');
  if (url !== undefined) {
    if (kind === 'image') return element('img', { src: url, alt: 'Photo', loading: 'lazy' });
    if (kind === 'audio') return element('audio', { src: url, controls: '', 'aria-label': 'Voice message' });
    if (kind === 'video') return element('video', { src: url, controls: '', 'aria-label': 'Video' });
  }
  const title = textOf(payload.title);
  const name = linkNames[kind] ?? `Attachment: ${type}`;
  return element(
    'p',
    { class: 'link-card' },
    element('strong', {}, name),
    title === undefined ? undefined : element('span', {}, title),
    url === undefined ? undefined : link(url, url),
  );
}

/** A generic template is a row of cards, a button template a text above its buttons. */
function template(payload: Readonly<Record<string, unknown>>, tap: Tap): HTMLElement {
  const inner = isRecord(payload.generic) ? payload.generic : payload;
  const elements = listOf(inner.elements);
  const cards = elements.length > 0 ? elements : [{ title: inner.text, buttons: inner.buttons }];
  return element('div', { class: 'cards' }, ...cards.map((card) => templateCard(card, tap)));
}

function templateCard(card: Readonly<Record<string, unknown>>, tap: Tap): HTMLElement {
  const image = webAddress(card.image_url);
  const subtitle = textOf(card.subtitle);
  return element(
    'div',
    { class: 'template-card' },
    image === undefined ? undefined : element('img', { src: image, alt: '', loading: 'lazy' }),
    element('strong', {}, textOf(card.title) ?? 'Template'),
    subtitle === undefined ? undefined : element('span', {}, subtitle),
    ...listOf(card.buttons).map((item) => templateButton(item, tap)),
  );
}

function templateButton(item: Readonly<Record<string, unknown>>, tap: Tap): HTMLElement {
  const title = textOf(item.title) ?? 'Open';
  const url = webAddress(item.url);
  return url === undefined
    ? button(title, () => tap(title, textOf(item.payload) ?? title))
    : link(url, title);
}

function link(url: string, text: string): HTMLElement {
  return element('a', { href: url, target: '_blank', rel: 'noreferrer noopener' }, text);
}

/** Only web addresses become links and sources: a `javascript:` one stays out. */
function webAddress(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\//i.test(value) ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
