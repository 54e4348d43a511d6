import type { JSX } from 'preact';
import type { Attachment } from '../api/shapes.ts';
import { Icon } from '../shell/icons.tsx';
import { text } from '../text.ts';
import { GoneMedia, Media } from './media.tsx';
import { RawView } from './raw-view.tsx';
import { StoryView } from './story-view.tsx';
import { httpUrl } from './text-parts.ts';

interface Properties {
  readonly attachment: Attachment;
  readonly conversationId: string;
}

/** Each kind as what it is. */
export function AttachmentView({ attachment, conversationId }: Properties): JSX.Element {
  const { type, url, title } = attachment;
  switch (type) {
    case 'image':
    case 'video':
    case 'audio':
      return <Media attachment={attachment} conversationId={conversationId} />;
    case 'story_mention':
      return <StoryView url={url} />;
    case 'like_heart':
      return (
        <span class="message-text large" role="img" aria-label={text.attachmentName(type)}>
          ❤️
        </span>
      );
    case 'file':
      return (
        <Card icon="file" url={url} title={title ?? text.attachmentName(type)} action={text.media.download} />
      );
    case 'share':
    case 'ig_post':
    case 'ig_reel':
    case 'reel':
      return (
        <Card
          icon={type.includes('reel') ? 'play' : 'link'}
          url={url}
          label={text.attachmentName(type)}
          title={title ?? text.attachmentName(type)}
          action={text.media.openPost}
        />
      );
    case 'ephemeral':
      return <p class="placeholder">{text.thread.ephemeral}</p>;
    case 'template':
      return <Template attachment={attachment} />;
    default:
      return (
        <div>
          <p class="placeholder">{text.thread.unknown}</p>
          <RawView raw={attachment} />
        </div>
      );
  }
}

interface CardProperties {
  readonly icon: 'file' | 'link' | 'play';
  readonly url: string | undefined;
  readonly title: string;
  readonly label?: string;
  readonly action: string;
}

function Card({ icon, url, title, label, action }: CardProperties): JSX.Element {
  const href = url === undefined ? undefined : httpUrl(url);
  if (href === undefined) return <GoneMedia name={`${label ?? title}: ${text.media.noLink}`} />;
  return (
    <a class="card" href={href} target="_blank" rel="noopener noreferrer">
      <span class="card-icon">
        <Icon name={icon} size={22} />
      </span>
      <span class="card-words">
        {label !== undefined && label !== title && <span class="quiet">{label}</span>}
        <bdi class="card-title">{title}</bdi>
        <span class="card-action">{action}</span>
      </span>
    </a>
  );
}

/** What the business sent with buttons: its words are kept in the raw form. */
function Template({ attachment }: { readonly attachment: Attachment }): JSX.Element {
  const elements = elementsOf(attachment.raw);
  return (
    <div class="template">
      {elements.length === 0 && <p class="placeholder">{text.attachmentName('template')}</p>}
      {elements.map(({ title, subtitle, buttons }, place) => (
        <div key={place}>
          {title !== '' && <strong dir="auto">{title}</strong>}
          {subtitle !== '' && <p dir="auto">{subtitle}</p>}
          {buttons.map((button) => (
            <span key={button} class="template-button">
              {button}
            </span>
          ))}
        </div>
      ))}
    </div>
  );
}

interface TemplateElement {
  readonly title: string;
  readonly subtitle: string;
  readonly buttons: readonly string[];
}

function elementsOf(raw: unknown): readonly TemplateElement[] {
  const record = (value: unknown) =>
    typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const string = (value: unknown) => (typeof value === 'string' ? value : '');
  const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);
  const outer = record(raw);
  const payload =
    'template_type' in outer || 'elements' in outer ? outer : { ...outer, ...record(outer.generic) };
  const shown = list(payload.elements).length > 0 ? list(payload.elements) : [payload];
  return shown
    .map(record)
    .map((element) => ({
      title: string(element.title) || string(element.text),
      subtitle: string(element.subtitle),
      buttons: list(element.buttons).flatMap((button) => string(record(button).title) || []),
    }))
    .filter(({ title, subtitle, buttons }) => title !== '' || subtitle !== '' || buttons.length > 0);
}
