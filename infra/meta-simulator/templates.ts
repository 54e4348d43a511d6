import { isRecord } from './graph-request.ts';
import type { Readings } from './readings.ts';
import { sendErrors } from './send-errors.ts';

const maxElements = 10;
const maxElementText = 80;
const maxButtonTemplateText = 640;
const maxButtons = 3;

type Payload = Readonly<Record<string, unknown>>;

/**
 * A template's payload within its limits. Throws `GraphError` 100/2534015.
 * https://developers.facebook.com/docs/instagram-messaging/generic-template
 * https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api/button-template
 */
export function parseTemplate(payload: Payload, readings: Readings): Payload {
  const { template_type: type, elements, text, buttons } = payload;
  if (type === 'generic') {
    for (const element of list(elements, maxElements, 'elements')) checkElement(element, readings);
  } else if (type === 'button') {
    required(text, maxButtonTemplateText, 'text');
    checkButtons(buttons, readings);
  } else {
    throw sendErrors.invalidData('template_type must be generic or button.');
  }
  return payload;
}

function checkElement(element: unknown, readings: Readings): void {
  if (!isRecord(element)) throw sendErrors.invalidData('Each of elements must be an object.');
  const { title, subtitle, image_url: imageUrl, default_action: action, buttons } = element;
  required(title, maxElementText, 'title');
  if (subtitle !== undefined) required(subtitle, maxElementText, 'subtitle');
  if (imageUrl !== undefined) checkUrl(imageUrl);
  if (action !== undefined) {
    if (!isRecord(action) || action.type !== 'web_url') {
      throw sendErrors.invalidData('default_action must be a web_url.');
    }
    checkUrl(action.url);
  }
  if (buttons !== undefined) checkButtons(buttons, readings);
  if ([subtitle, imageUrl, action, buttons].every((property) => property === undefined)) {
    throw sendErrors.invalidData('An element needs one property beside its title.');
  }
}

function checkButtons(buttons: unknown, { buttonTitleLimit }: Readings): void {
  for (const button of list(buttons, maxButtons, 'buttons')) {
    if (!isRecord(button)) throw sendErrors.invalidData('Each of buttons must be an object.');
    required(button.title, buttonTitleLimit ?? Number.POSITIVE_INFINITY, 'title of a button');
    if (button.type === 'web_url') checkUrl(button.url);
    else if (button.type === 'postback') required(button.payload, Number.POSITIVE_INFINITY, 'payload');
    else throw sendErrors.invalidData('A button must be a postback or a web_url.');
  }
}

function list(value: unknown, max: number, name: string): readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > max) {
    throw sendErrors.invalidData(`There must be 1 to ${max} ${name}.`);
  }
  return value;
}

function required(text: unknown, maxLength: number, name: string): void {
  if (typeof text !== 'string' || text === '' || Array.from(text).length > maxLength) {
    const limit = Number.isFinite(maxLength) ? ` of up to ${maxLength} characters` : '';
    throw sendErrors.invalidData(`The ${name} must be a text${limit}.`);
  }
}

function checkUrl(url: unknown): void {
  if (typeof url !== 'string' || !URL.canParse(url)) throw sendErrors.invalidData('The url must be valid.');
}
