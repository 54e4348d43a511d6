let context: AudioContext | undefined;

/** Two soft tones. Browsers allow it once the page was clicked. */
export function playSound(): void {
  context ??= new AudioContext();
  const startAt = context.currentTime;
  for (const [frequency, afterSeconds] of [
    [660, 0],
    [880, 0.12],
  ] as const) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.0001, startAt + afterSeconds);
    volume.gain.exponentialRampToValueAtTime(0.12, startAt + afterSeconds + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, startAt + afterSeconds + 0.25);
    tone.connect(volume).connect(context.destination);
    tone.start(startAt + afterSeconds);
    tone.stop(startAt + afterSeconds + 0.3);
  }
}
