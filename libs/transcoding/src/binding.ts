import type { DescField, DescMethod } from '@bufbuild/protobuf';
import type { HttpRule } from '@trellis/contracts/google/api';
import type { BodyRule } from './body.js';
import { ContractError } from './contract-error.js';
import { resolveFieldPath } from './message-field.js';
import { type PathTemplate, type Variable, parsePathTemplate } from './path-template.js';
import { acceptsText } from './text-value.js';

export interface PathParameter extends Variable {
  readonly fields: readonly DescField[];
}

/** One HTTP rule of a method, with every name in it resolved. */
export interface Binding {
  readonly method: DescMethod;
  readonly httpMethod: string;
  readonly template: PathTemplate;
  readonly pathParameters: readonly PathParameter[];
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

function binding(method: DescMethod, rule: HttpRule): Binding {
  const { httpMethod, path } = patternOf(method, rule);
  const template = parsePathTemplate(path);
  const pathParameters = template.variables.map((variable) => {
    const fields = resolveFieldPath(method.input, variable.field);
    const field = fields?.at(-1);
    if (!fields || !field) throw wrong(method, `${path} names ${variable.field}, which the request does not have`);
    if (field.fieldKind === 'list' || !acceptsText(field))
      throw wrong(method, `${variable.field} cannot stand in a path`);
    return { ...variable, fields };
  });
  const field = topLevel(method, 'body', rule.body === '*' ? '' : rule.body);
  const body: BodyRule = rule.body === '*' ? { kind: 'whole' } : field && { kind: 'field', field };
  return {
    method,
    httpMethod,
    template,
    pathParameters,
    body,
    responseField: topLevel(method, 'response_body', rule.responseBody),
  };
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

function topLevel(method: DescMethod, option: 'body' | 'response_body', name: string): DescField | undefined {
  if (name === '') return undefined;
  const message = option === 'body' ? method.input : method.output;
  const field = message.fields.find((each) => each.name === name);
  if (!field) throw wrong(method, `${option} names ${name}, which ${message.typeName} does not have`);
  return field;
}

const wrong = (method: DescMethod, reason: string): ContractError =>
  new ContractError(`${method.parent.typeName}/${method.name}: ${reason}`);
