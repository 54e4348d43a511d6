import * as z from 'zod';

/** The template says something that this host does not understand; the message names the place. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

const properties = z.record(z.string(), z.unknown());
const resource = z.object({
  Type: z.string(),
  Properties: properties.default({}),
  Metadata: properties.default({}),
});
const template = z.object({
  Parameters: z.record(z.string(), z.object({ Default: z.unknown().optional() })).default({}),
  Resources: z.record(z.string(), resource),
});

export type Resource = z.infer<typeof resource>;
export type Template = z.infer<typeof template>;

export function parseTemplate(text: string): Template {
  const parsed = template.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new TemplateError(`Not a CloudFormation template: ${z.prettifyError(parsed.error)}`);
}

/** What `Ref` and `Fn::GetAtt` of a resource give; `undefined` when it has no such value. */
export interface References {
  ref(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
}

type Intrinsic = (argument: unknown, references: References, where: string) => unknown;

const absent = Symbol('AWS::NoValue');

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, references, where) => {
    if (argument === 'AWS::NoValue') return absent;
    return known(references.ref(text(argument, where)), `Ref ${String(argument)}`, where);
  },
  'Fn::GetAtt': (argument, references, where) => {
    const [logicalId, ...path] =
      typeof argument === 'string'
        ? argument.split('.')
        : list(argument, where).map((each) => text(each, where));
    const attribute = path.join('.');
    return known(
      references.attribute(logicalId ?? '', attribute),
      `Fn::GetAtt ${logicalId}.${attribute}`,
      where,
    );
  },
  'Fn::Join': (argument, references, where) => {
    const [separator, parts] = list(argument, where);
    return list(resolve(parts, references, where), where)
      .map((part) => text(part, where))
      .join(text(separator, where));
  },
  'Fn::Select': (argument, references, where) => {
    const [index, from] = list(argument, where);
    const values = list(resolve(from, references, where), where);
    return known(values[Number(resolve(index, references, where))], `Fn::Select ${String(index)}`, where);
  },
  'Fn::Split': (argument, references, where) => {
    const [separator, source] = list(argument, where);
    return text(resolve(source, references, where), where).split(text(separator, where));
  },
  'Fn::Sub': (argument, references, where) => {
    const [pattern, given] = typeof argument === 'string' ? [argument, {}] : list(argument, where);
    const variables = resolve(given, references, where) as Record<string, unknown>;
    return text(pattern, where).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in variables) return text(variables[name], where);
      const intrinsic = name.includes('.') ? { 'Fn::GetAtt': name } : { Ref: name };
      return text(resolve(intrinsic, references, where), where);
    });
  },
};

/**
 * The value with every intrinsic function replaced by what it stands for; what is `AWS::NoValue` disappears.
 * `where` names the place in the template for errors.
 */
export function resolve(value: unknown, references: References, where: string): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => resolve(each, references, where)).filter((each) => each !== absent);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1 && (first[0] === 'Ref' || first[0].startsWith('Fn::'))) {
    const intrinsic = intrinsics[first[0]];
    if (!intrinsic) throw new TemplateError(`${where}: ${first[0]} is not supported on this machine.`);
    return intrinsic(first[1], references, where);
  }
  return Object.fromEntries(
    entries
      .map(([key, each]) => [key, resolve(each, references, `${where}.${key}`)] as const)
      .filter(([, each]) => each !== absent),
  );
}

function text(value: unknown, where: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${where}: a string is expected, not ${JSON.stringify(value)}.`);
}

function list(value: unknown, where: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${where}: a list is expected, not ${JSON.stringify(value)}.`);
}

function known(value: unknown, what: string, where: string): unknown {
  if (value === undefined) throw new TemplateError(`${where}: ${what} has no value on this machine.`);
  return value;
}
