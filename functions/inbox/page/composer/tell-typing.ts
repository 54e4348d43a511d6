import { api } from '../api/api.ts';
import { settings } from '../settings/settings.ts';

/** Instagram shows it for about twenty seconds. */
const againMs = 15_000;
const told = new Map<string, number>();

/** Tells the customer that somebody types, where the settings say so. That it fails harms nothing. */
export function tellTyping(recipientId: string | undefined): void {
  if (!settings.get().tellsTyping || recipientId === undefined) return;
  if (Date.now() - (told.get(recipientId) ?? 0) < againMs) return;
  told.set(recipientId, Date.now());
  api.senderAction(recipientId, { action: 'typing_on' }).catch(() => told.delete(recipientId));
}
