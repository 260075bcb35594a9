/**
 * Every code that reasons and problems of this library carry, and what it means. Codes are public and permanent:
 * none is ever renamed or used again for something else.
 */
export const policyCodes = {
  'policy.rule': 'A rule of a policy matched and says so.',
  'policy.default': 'No rule of the policies attached here matched, and their default decides.',
  'policy.none': 'No attached policy has anything to say about the action.',
  'policy.error': 'The condition of a rule could not be evaluated, which blocks.',
  'policy.cost': 'The conditions would cost more to evaluate than one action may, which blocks.',
  'models.not_allowed': 'The model is not among those that a policy allows, or among those that it denies.',
  'models.missing': 'A policy lists models, and the action does not say which model it uses.',

  'yaml.syntax': 'The text is not YAML 1.2.',
  'yaml.duplicate_key': 'A mapping has the same key twice.',
  'yaml.alias': 'The text uses an alias.',
  'yaml.anchor': 'The text names an anchor.',
  'yaml.tag': 'The text uses a tag.',
  'yaml.merge_key': 'The text uses a merge key.',
  'yaml.directive': 'The text begins with a directive.',
  'yaml.second_document': 'The text holds more than one document.',
  'yaml.key': 'A key is not a text.',
  'yaml.number': 'A number is not a plain decimal, or has more digits than are kept.',

  'policy.unknown_key': 'A key does not exist.',
  'policy.missing_key': 'A key that every policy needs is missing.',
  'policy.wrong_value': 'A value has the wrong kind, or is none of those possible.',
  'policy.empty_list': 'A list has nothing in it.',
  'policy.null_pattern': 'Nothing stands where a pattern belongs.',
  'policy.pattern_as_mapping': 'A pattern was read as a mapping, because of a blank after its colon.',
  'policy.pattern': 'A pattern cannot be read.',
  'policy.bare_duration': 'A length of time has no unit.',
  'policy.duration': 'A length of time is out of its range.',
  'policy.amount': 'An amount is not a plain decimal of its unit.',
  'policy.condition': 'A condition cannot be read, or can never be judged.',
  'policy.approval': 'An approval block contradicts itself or stands where nothing is asked.',
  'policy.budget': 'A budget contradicts itself.',
  'policy.duplicate_name': 'Two budgets have the same name.',
  'policy.price': 'A price rule contradicts itself.',
  'policy.hidden_from_approver': 'What an ask rule or its approver must read would not be recorded.',
  'policy.changed_budget': 'A budget changed its scope, unit or window under the same name.',
  'policy.changed_name': 'The text names another policy than the one it is to be a version of.',
  'policy.only_shadow': 'Every policy attached here is a shadow.',
  'policy.unguarded_path': 'A condition reads what an action may lack, without asking first.',
  'policy.loose_target': 'The target of an allow rule matches more than it seems to.',
  'policy.empty_target': 'A pattern ends in its colon, and so matches only actions without a target.',
  'policy.claimed_scope': 'A cap counts by what agents claim, and nothing bounds the claims.',

  'template.unknown': 'There is no template of that name.',
  'template.override': 'An override names nothing that the template has.',
  'cases.wrong_value': 'A test case does not have the form of one.',
} as const;

export type PolicyCode = keyof typeof policyCodes;
