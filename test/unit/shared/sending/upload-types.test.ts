import { describe, expect, test } from 'vitest';
import { uploadTypeOf, uploadTypes } from '../../../../shared/sending/upload-types.ts';

const beginnings: Readonly<Record<string, string>> = {
  png: '\x89PNG\r\n\x1a\n',
  jpg: '\xff\xd8\xff\xe0',
  gif: 'GIF89a',
  mp4: '\0\0\0\x18ftypisom',
  mov: '\0\0\0\x14ftypqt  ',
  webm: '\x1a\x45\xdf\xa3',
  ogg: 'OggS\0\x02',
  avi: 'RIFF\0\0\0\0AVI LIST',
  m4a: '\0\0\0\x20ftypM4A ',
  aac: '\xff\xf1\x50\x80',
  wav: 'RIFF\0\0\0\0WAVEfmt ',
  pdf: '%PDF-1.7',
};
/** Of one container: what is in it, its beginning does not tell. */
const alike = ['mp4', 'mov', 'm4a'];

describe.each(uploadTypes)('$extension', (type) => {
  test('is seen in a file of its own and in no other', () => {
    const seen = Object.keys(beginnings).filter((extension) =>
      type.isSeenIn(Buffer.from(beginnings[extension] ?? '', 'latin1')),
    );
    expect(seen.toSorted()).toEqual((alike.includes(type.extension) ? alike : [type.extension]).toSorted());
  });

  test('is not seen in the beginning of an empty or a short file', () => {
    expect(type.isSeenIn(Buffer.alloc(0))).toBe(false);
    expect(type.isSeenIn(Buffer.from('R'))).toBe(false);
  });

  test('is known by each of its names', () => {
    for (const name of type.contentTypes) expect(uploadTypeOf(`${name.toUpperCase()}; x=y`)).toBe(type);
  });
});

test.each(['', 'text/html', 'audio/mpeg', 'image/svg+xml', 'image/webp', 'video'])('"%s" is none', (name) => {
  expect(uploadTypeOf(name)).toBeUndefined();
});
