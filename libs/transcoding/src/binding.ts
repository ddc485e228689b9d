import type { DescField, DescMethod } from '@bufbuild/protobuf';
import type { HttpRule } from '@trellis/contracts/google/api';
import type { BodyRule } from './body.js';
import { ContractError } from './contract-error.js';
import { resolveFieldPath } from './message-field.js';
import { type PathTemplate, type Variable, parsePathTemplate } from './path-template.js';
import { queryFields } from './query-fields.js';
import { acceptsText } from './text-value.js';

export interface PathParameter extends Variable {
  readonly fields: readonly DescField[];
}

export interface QueryParameter {
  readonly name: string;
  readonly fields: readonly DescField[];
}

/** One HTTP rule of a method, with every name in it resolved. */
export interface Binding {
  readonly method: DescMethod;
  readonly httpMethod: string;
  readonly template: PathTemplate;
  readonly pathParameters: readonly PathParameter[];
  /** Query parameters that stand for a field under another name than the field's. */
  readonly queryParameters: readonly QueryParameter[];
  readonly body: BodyRule;
  /** The field of the answer that is the HTTP body; undefined when the whole message is. */
  readonly responseField: DescField | undefined;
}

/** The rule and its additional bindings, which share its method. Throws ContractError when one names what is not there. */
export function bindingsOf(method: DescMethod, rule: HttpRule): Binding[] {
  return [rule, ...rule.additionalBindings].map((each) => {
    if (each !== rule && each.additionalBindings.length > 0) throw wrong(method, 'additional bindings cannot nest');
    return binding(method, each);
  });
}

/**
 * One rule by itself, which the contract need not have. `parameters` gives query parameters the field path for which each
 * stands. Throws ContractError when one of them names what is not there or is given by the path or the body.
 */
export function bindingOf(
  method: DescMethod,
  rule: HttpRule,
  parameters: Readonly<Record<string, string>> = {},
): Binding {
  if (rule.additionalBindings.length > 0) throw wrong(method, 'a single rule has no additional bindings');
  const bound = binding(method, rule);
  const taken = takenKeys(bound);
  const queryParameters = Object.entries(parameters).map(([name, path]) => {
    if (name === '') throw wrong(method, `the query parameter for ${path} has no name`);
    const fail = (reason: string): never => {
      throw wrong(method, `the query parameter ${name} ${reason}`);
    };
    if (taken.has('*')) fail(`is for ${path}, which comes from the body`);
    if (!resolveFieldPath(method.input, path)) fail(`names ${path}, which the request does not have`);
    const fields = queryFields(method.input, path, taken);
    if (typeof fields === 'string') return fail(`is for ${path}, which ${fields}`);
    return { name, fields };
  });
  return { ...bound, queryParameters };
}

function binding(method: DescMethod, rule: HttpRule): Binding {
  const { httpMethod, path } = patternOf(method, rule);
  const template = templateOf(method, path);
  const pathParameters = template.variables.map((variable) => {
    const fields = resolveFieldPath(method.input, variable.field);
    const field = fields?.at(-1);
    if (!fields || !field) throw wrong(method, `${path} names ${variable.field}, which the request does not have`);
    if (field.fieldKind === 'list' || !acceptsText(field))
      throw wrong(method, `${variable.field} cannot stand in a path`);
    return { ...variable, fields };
  });
  const paths = pathParameters.map(({ fields }) => fields.map(({ name }) => name).join('.'));
  const twice = paths.find((each, index) => paths.indexOf(each) !== index);
  if (twice !== undefined) throw wrong(method, `${path} names ${twice} twice`);
  const field = topLevel(method, 'body', rule.body === '*' ? '' : rule.body);
  if (field && paths.includes(field.name))
    throw wrong(method, `body names ${field.name}, which the path gives already`);
  const body: BodyRule = rule.body === '*' ? { kind: 'whole' } : field && { kind: 'field', field };
  return {
    method,
    httpMethod,
    template,
    pathParameters,
    queryParameters: [],
    body,
    responseField: topLevel(method, 'response_body', rule.responseBody),
  };
}

/** The keys, joined by dots, of what comes from the path or the body; `*` when the body takes all. */
export function takenKeys({ pathParameters, body }: Pick<Binding, 'pathParameters' | 'body'>): ReadonlySet<string> {
  const fromPath = pathParameters.map(({ fields }) => fields.map(({ jsonName }) => jsonName).join('.'));
  if (body === undefined) return new Set(fromPath);
  return new Set([...fromPath, body.kind === 'whole' ? '*' : body.field.jsonName]);
}

function patternOf(method: DescMethod, { pattern }: HttpRule): { httpMethod: string; path: string } {
  switch (pattern.case) {
    case undefined:
      throw wrong(method, 'an HTTP rule has no path');
    case 'custom':
      return { httpMethod: pattern.value.kind, path: pattern.value.path };
    default:
      return { httpMethod: pattern.case.toUpperCase(), path: pattern.value };
  }
}

function templateOf(method: DescMethod, path: string): PathTemplate {
  try {
    return parsePathTemplate(path);
  } catch (error) {
    throw error instanceof ContractError ? wrong(method, error.message) : error;
  }
}

function topLevel(method: DescMethod, option: 'body' | 'response_body', name: string): DescField | undefined {
  if (name === '') return undefined;
  const message = option === 'body' ? method.input : method.output;
  const field = message.fields.find((each) => each.name === name);
  if (!field) throw wrong(method, `${option} names ${name}, which ${message.typeName} does not have`);
  return field;
}

const wrong = (method: DescMethod, reason: string): ContractError =>
  new ContractError(`${method.parent.typeName}/${method.name}: ${reason}`);
