/** The arrow keys move from message to message; Tab then leads to the actions of the one in focus. */
export function moveAmongMessages(event: KeyboardEvent): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement) || !(event.target instanceof HTMLElement)) return;
  const inField = event.target.closest('input, textarea, video, audio, [role="dialog"]');
  const step = { ArrowUp: -1, ArrowDown: 1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[
    event.key
  ];
  if (step === undefined || inField) return;
  const messages = [...list.querySelectorAll<HTMLElement>(':scope > .message')];
  if (messages.length === 0) return;
  const current = messages.findIndex((message) => message.contains(event.target as Node));
  const place =
    current === -1 ? messages.length - 1 : Math.min(messages.length - 1, Math.max(0, current + step));
  event.preventDefault();
  messages[place]?.focus();
}
