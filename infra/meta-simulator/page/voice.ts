export interface VoiceRecording {
  /** Ends the recording and gives the sound. */
  stop(): Promise<Blob>;
}

/** Starts to record; undefined where there is no microphone, or the person refuses it. */
export async function recordVoice(): Promise<VoiceRecording | undefined> {
  if (!('MediaRecorder' in window) || !('mediaDevices' in navigator)) return undefined;
  let stream: MediaStream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return undefined;
  }
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
  recorder.start();
  return {
    stop: () =>
      new Promise((resolve) => {
        recorder.addEventListener('stop', () => {
          for (const track of stream.getTracks()) track.stop();
          // Without its codecs: `audio/webm;codecs=opus` is the container's type and more.
          const [type = ''] = recorder.mimeType.split(';');
          resolve(new Blob(parts, { type }));
        });
        recorder.stop();
      }),
  };
}
