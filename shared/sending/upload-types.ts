/** As which kind of attachment an uploaded file can be sent. */
export type UploadKind = 'image' | 'video' | 'audio' | 'file';

export interface UploadType {
  readonly kind: UploadKind;
  /** Ends the upload's id, and so says the type without a look at the file. */
  readonly extension: string;
  /** The names under which browsers announce it; S3 keeps the first one, and Meta gets it. */
  readonly contentTypes: readonly [string, ...string[]];
  /** Whether a file begins as one of this type does. */
  readonly isSeenIn: (beginning: Buffer) => boolean;
}

const megabyte = 1024 * 1024;

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api */
export const maxUploadBytes: Readonly<Record<UploadKind, number>> = {
  image: 8 * megabyte,
  video: 25 * megabyte,
  audio: 25 * megabyte,
  file: 25 * megabyte,
};

/** How much of a file tells its type: a PDF may have other bytes before its mark. */
export const beginningBytes = 1024;

const begins = (mark: string) => (file: Buffer) => file.subarray(0, mark.length).equals(bytes(mark));
const riff = (form: string) => (file: Buffer) =>
  begins('RIFF')(file) && file.subarray(8, 12).equals(bytes(form));
const boxed =
  (...names: readonly string[]) =>
  (file: Buffer) =>
    names.includes(file.subarray(4, 8).toString('latin1'));
const bytes = (latin1: string) => Buffer.from(latin1, 'latin1');

/** The formats that Meta names for each kind; GIF stands in the prose alone, not in its table. MP §3.4 */
export const uploadTypes: readonly UploadType[] = [
  { kind: 'image', extension: 'png', contentTypes: ['image/png'], isSeenIn: begins('\x89PNG\r\n\x1a\n') },
  {
    kind: 'image',
    extension: 'jpg',
    contentTypes: ['image/jpeg', 'image/jpg'],
    isSeenIn: begins('\xff\xd8\xff'),
  },
  { kind: 'image', extension: 'gif', contentTypes: ['image/gif'], isSeenIn: begins('GIF8') },
  { kind: 'video', extension: 'mp4', contentTypes: ['video/mp4'], isSeenIn: boxed('ftyp') },
  {
    kind: 'video',
    extension: 'mov',
    contentTypes: ['video/quicktime'],
    isSeenIn: boxed('ftyp', 'moov', 'mdat', 'wide', 'free', 'skip'),
  },
  { kind: 'video', extension: 'webm', contentTypes: ['video/webm'], isSeenIn: begins('\x1a\x45\xdf\xa3') },
  { kind: 'video', extension: 'ogg', contentTypes: ['video/ogg'], isSeenIn: begins('OggS') },
  {
    kind: 'video',
    extension: 'avi',
    contentTypes: ['video/x-msvideo', 'video/avi', 'video/msvideo'],
    isSeenIn: riff('AVI '),
  },
  {
    kind: 'audio',
    extension: 'm4a',
    contentTypes: ['audio/mp4', 'audio/x-m4a', 'audio/m4a'],
    isSeenIn: boxed('ftyp'),
  },
  {
    kind: 'audio',
    extension: 'aac',
    contentTypes: ['audio/aac', 'audio/aacp', 'audio/x-aac'],
    isSeenIn: (file) =>
      begins('ID3')(file) || begins('ADIF')(file) || (file[0] === 0xff && ((file[1] ?? 0) & 0xf6) === 0xf0),
  },
  {
    kind: 'audio',
    extension: 'wav',
    contentTypes: ['audio/wav', 'audio/x-wav', 'audio/wave', 'audio/vnd.wave'],
    isSeenIn: riff('WAVE'),
  },
  {
    kind: 'file',
    extension: 'pdf',
    contentTypes: ['application/pdf'],
    isSeenIn: (file) => file.includes('%PDF-'),
  },
];

/** @param contentType of HTTP: without regard to case and parameters. */
export function uploadTypeOf(contentType: string): UploadType | undefined {
  const [name = ''] = contentType.toLowerCase().split(';');
  return uploadTypes.find(({ contentTypes }) => contentTypes.includes(name.trim()));
}
