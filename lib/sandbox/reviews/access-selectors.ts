import { type FieldError, forbiddenField, invalid, required } from '../field-error.ts';
import { qualifiedNameProblems } from '../kinds/label-names.ts';
import { list, optional, string, struct } from '../object/schema.ts';
import { parseFieldSelector } from '../store/field-selector.ts';
import { parseLabelSelector } from '../store/label-selector.ts';

/** Which of the objects a question is about. RBAC does not look at it. */
export interface AccessSelector {
  readonly rawSelector?: string;
  readonly requirements?: readonly Requirement[];
}

interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values?: readonly string[];
}

export type SelectorName = 'fieldSelector' | 'labelSelector';

/** As the API has it: `v1.LabelSelectorAttributes` with its requirements. */
export function selectorSchema(goType: string, requirement: string) {
  const fields = { key: string(), operator: string(), values: list(string()) };
  return optional(struct(goType, { rawSelector: string(), requirements: list(struct(requirement, fields)) }));
}

/** kubernetes: pkg/apis/authorization/validation. */
export function invalidSelector(selector: AccessSelector, name: SelectorName): FieldError[] {
  const at = `spec.resourceAttributes.${name}`;
  const { rawSelector = '', requirements = [] } = selector;
  if (rawSelector !== '' && requirements.length > 0) {
    return [invalid(`${at}.rawSelector`, rawSelector, 'may not specified at the same time as requirements')];
  }
  if (rawSelector === '' && requirements.length === 0) {
    return [required(`${at}.requirements`, `when ${at} is specified, requirements or rawSelector is required`)];
  }
  return requirements.flatMap((one, index) => invalidRequirement(one, name, `${at}.requirements[${index}]`));
}

function invalidRequirement({ key = '', operator, values = [] }: Requirement, name: SelectorName, at: string) {
  const errors: FieldError[] = [];
  if (['In', 'NotIn'].includes(operator ?? '') && values.length === 0) {
    errors.push(required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'"));
  }
  if (['Exists', 'DoesNotExist'].includes(operator ?? '') && values.length > 0) {
    errors.push(forbiddenField(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
  }
  if (name === 'fieldSelector') return key === '' ? [...errors, required(`${at}.key`, 'must be specified')] : errors;
  return [...errors, ...qualifiedNameProblems(key).map((why) => invalid(`${at}.key`, key, why))];
}

const operators = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** A selector that cannot be read is not looked at, and that is said. */
export function unreadSelector(selector: AccessSelector, name: SelectorName): string | undefined {
  const isKnown = (selector.requirements ?? []).every(({ operator = '' }) => operators.has(operator));
  const isRead = isKnown && canBeRead(selector.rawSelector ?? '', name);
  return isRead ? undefined : `spec.resourceAttributes.${name} ignored due to parse error`;
}

function canBeRead(text: string, name: SelectorName): boolean {
  try {
    if (name === 'labelSelector') parseLabelSelector(text);
    else parseFieldSelector(text);
    return true;
  } catch {
    return false;
  }
}
