/** What the API answers, from the schemas with which the functions answer. Types alone: no schema is shipped. */
import type { StatusView } from '../../../../shared/account/status-shape.ts';
import type { ConversationView, MessageView } from '../../../../shared/conversations/view-shapes.ts';
import type { SendView } from '../../../../shared/sending/send-shape.ts';

export type Conversation = ConversationView;
export type Message = MessageView;
export type Status = StatusView;
export type Send = SendView;
export type Attachment = NonNullable<Message['attachments']>[number];
export type ReplyWindow = Conversation['reply_window'];

/** A page of a list, newest first. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Leads to what is older; absent on the last page. */
  readonly cursor?: string;
  readonly warnings?: readonly string[];
}

export interface Session {
  readonly key_id: string;
  readonly name: string;
  readonly kind: 'human' | 'bot';
  readonly roles: readonly string[];
  readonly expires_at: string;
}

export interface SavedReply {
  readonly id: string;
  readonly title: string;
  readonly text: string;
}

export interface SavedReplies {
  readonly replies: readonly SavedReply[];
  /** Given back when they are changed: a change of somebody else in between is not overwritten. */
  readonly version: number | string;
}

/** Where a file is put, and under which id it is sent. */
export interface Upload {
  readonly upload_id: string;
  readonly kind: MediaKind;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type MediaKind = 'image' | 'video' | 'audio' | 'file';

type MediaSource = { readonly url: string } | { readonly upload_id: string };
export type MessageObject = Partial<Record<MediaKind, MediaSource>> & {
  readonly text?: string;
  readonly sticker?: 'like_heart';
};

export interface SendRequest {
  readonly recipient_id: string;
  readonly message: string | MessageObject;
  readonly reply_to?: string;
  readonly if_last?: string;
  readonly tag?: 'HUMAN_AGENT';
  readonly split?: true;
}

/** Taken (202), or already with the customer (200). */
export interface SendAnswer {
  readonly send_id: string;
  readonly data: {
    readonly recipient_id?: string;
    readonly message_id?: string;
    readonly message_ids?: readonly string[];
  };
  readonly state?: 'accepted' | 'sending';
}
