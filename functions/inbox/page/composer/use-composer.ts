import { useState } from 'preact/hooks';
import type { Conversation, Message, SendRequest } from '../api/shapes.ts';
import { useStore } from '../store/use-store.ts';
import { changeDraft, drafts, emptyDraft } from './drafts.ts';
import { lengthOf } from './length.ts';
import { submit } from './send.ts';
import { type Attached, attachedFile, uploadFile } from './upload.ts';

interface Given {
  readonly id: string;
  readonly conversation: Conversation | undefined;
  readonly messages: readonly Message[];
}

/** What is being written to one conversation, and what can be done with it. */
export function useComposer({ id, conversation, messages }: Given) {
  const draft = useStore(drafts, (all) => all[id] ?? emptyDraft);
  const [attached, setAttached] = useState<readonly Attached[]>([]);
  const length = lengthOf(draft.text.trim());
  const isUploading = attached.some(({ source, error }) => !source && error === undefined);
  const ready = attached.flatMap(({ kind, source }) => (source ? [{ [kind]: source }] : []));
  const hasContent = draft.text.trim() !== '' || ready.length > 0;
  const canSend = hasContent && !length.isTooLong && !isUploading;

  const post = (message: SendRequest['message'], isFirst: boolean, isSplit = false) => {
    if (!conversation) return;
    const newest = messages.findLast((each) => !each.id.startsWith('entry_'));
    submit(id, {
      recipient_id: conversation.recipient_id,
      message,
      ...(isFirst && draft.replyTo && { reply_to: draft.replyTo.id }),
      ...(newest && { if_last: newest.id }),
      ...(conversation.reply_window.state === 'human_agent' && { tag: 'HUMAN_AGENT' as const }),
      ...(isSplit && { split: true as const }),
    });
  };

  return {
    draft,
    attached,
    length,
    canSend,
    setText: (value: string) => changeDraft(id, (known) => ({ ...known, text: value })),
    stopReplying: () => changeDraft(id, ({ text }) => ({ text })),
    attachFiles(files: Iterable<File>) {
      for (const file of files) {
        const each = attachedFile(file);
        setAttached((known) => [...known, each]);
        if (each.error !== undefined) continue;
        void uploadFile(each, file).then((done) =>
          setAttached((known) => known.map((other) => (other.key === each.key ? done : other))),
        );
      }
    },
    attach: (each: Attached) => setAttached((known) => [...known, each]),
    remove: (key: string) => setAttached((known) => known.filter((each) => each.key !== key)),
    heart: () => post({ sticker: 'like_heart' }, true),
    send() {
      if (!canSend) return;
      const text = draft.text.trim();
      ready.forEach((media, place) => {
        // The text goes with the last file: the two are one send, in this order.
        const isLast = place === ready.length - 1 && text !== '';
        post({ ...media, ...(isLast && { text }) }, place === 0, isLast && length.parts.length > 1);
      });
      if (ready.length === 0) post(text, true, length.parts.length > 1);
      setAttached([]);
      changeDraft(id, () => emptyDraft);
    },
  };
}
