import { api } from './api.ts';
import { byId } from './element.ts';
import { recordVoice, type VoiceRecording } from './voice.ts';
import type { CustomerAction, ShownMessage } from './wire.ts';

export interface Composer {
  readonly replyTo: (message: ShownMessage) => void;
  readonly edit: (message: ShownMessage) => void;
  /** Forgets what is being answered or edited, as when another customer takes the phone. */
  readonly clear: () => void;
}

type Context = { readonly kind: 'reply' | 'edit'; readonly message: ShownMessage } | undefined;

interface ComposerOptions {
  readonly customerId: () => string | undefined;
  readonly act: (action: CustomerAction) => Promise<void>;
  /** Runs the task and shows on the page what it failed with. */
  readonly attempt: (task: () => Promise<void>) => void;
}

/** The message field with its buttons. */
export function createComposer({ customerId, act, attempt }: ComposerOptions): Composer {
  const form = byId('composer', HTMLFormElement);
  const text = byId('text', HTMLTextAreaElement);
  const banner = byId('context', HTMLDivElement);
  const bannerText = byId('context-text', HTMLSpanElement);
  const voiceButton = byId('voice', HTMLButtonElement);
  const photoFile = byId('photo-file', HTMLInputElement);
  const voiceFile = byId('voice-file', HTMLInputElement);
  let context: Context;
  let recording: VoiceRecording | undefined;

  const grow = () => {
    text.style.height = 'auto';
    text.style.height = `${text.scrollHeight + 2}px`;
  };

  function setContext(next: Context): void {
    context = next;
    banner.hidden = next === undefined;
    if (!next) return;
    const about = next.message.text ?? 'a message';
    bannerText.textContent = `${next.kind === 'edit' ? 'Editing' : 'Replying to'}: ${about}`;
    if (next.kind === 'edit') text.value = next.message.text ?? '';
    text.focus();
    grow();
  }

  function clear(): void {
    setContext(undefined);
    text.value = '';
    grow();
  }

  async function submit(): Promise<void> {
    const customer = customerId();
    const written = text.value;
    if (written.trim() === '' || customer === undefined) return;
    const current = context;
    clear();
    await act(
      current?.kind === 'edit'
        ? { action: 'edit', mid: current.message.id, text: written }
        : { action: 'write', customerId: customer, text: written, ...replying(current) },
    );
  }

  async function sendFile(file: Blob): Promise<void> {
    const customer = customerId();
    if (customer === undefined) return;
    const { url, attachmentType } = await api.upload(file);
    const replied = replying(context);
    setContext(undefined);
    const attachments = [{ type: attachmentType, payload: { url } }];
    await act({ action: 'write', customerId: customer, attachments, ...replied });
  }

  async function toggleVoice(): Promise<void> {
    if (recording) {
      const ended = recording;
      recording = undefined;
      showRecording(false);
      return sendFile(await ended.stop());
    }
    recording = await recordVoice();
    // No microphone here: a sound file does as well.
    if (recording) showRecording(true);
    else voiceFile.click();
  }

  function showRecording(isRecording: boolean): void {
    voiceButton.setAttribute('aria-pressed', String(isRecording));
    voiceButton.textContent = isRecording ? 'Stop and send' : 'Voice';
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(submit);
  });
  text.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') clear();
    // While an input method composes, Enter picks a word.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  text.addEventListener('input', grow);
  byId('context-cancel', HTMLButtonElement).addEventListener('click', clear);
  byId('photo', HTMLButtonElement).addEventListener('click', () => photoFile.click());
  voiceButton.addEventListener('click', () => attempt(toggleVoice));
  for (const input of [photoFile, voiceFile]) {
    input.addEventListener('change', () => {
      const [file] = input.files ?? [];
      input.value = '';
      if (file) attempt(() => sendFile(file));
    });
  }

  return {
    replyTo: (message) => setContext({ kind: 'reply', message }),
    edit: (message) => setContext({ kind: 'edit', message }),
    clear,
  };
}

function replying(context: Context): { readonly replyToMid?: string } {
  return context?.kind === 'reply' ? { replyToMid: context.message.id } : {};
}
