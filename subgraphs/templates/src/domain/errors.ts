import { DomainError } from '@loomgraph/core';

export class TemplateNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no template ${id}.`, { details: { templateId: id } });
  }
}

export class CategoryNotFound extends DomainError {
  constructor(id: string) {
    super('NOT_FOUND', `There is no template category ${id}; list them with templateCategories.`, { details: { categoryId: id } });
  }
}

export class CategoryInUse extends DomainError {
  constructor(id: string, templates: number) {
    super('CONFLICT', `Category ${id} holds ${templates} templates; move or delete them first.`, {
      details: { categoryId: id, templates },
    });
  }
}

export class RevisionConflict extends DomainError {
  constructor(id: string, expected: number, actual: number) {
    super('CONFLICT', `Template ${id} is at revision ${actual}, not ${expected}: read it again and repeat the change.`, {
      details: { templateId: id, expectedRevision: expected, revision: actual },
    });
  }
}

export class NameTaken extends DomainError {
  constructor(what: string, name: string) {
    super('CONFLICT', `The ${what} "${name}" is taken.`, { details: { [what]: name } });
  }
}

export class NotTheAuthor extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Only the author of a template or an administrator may change it.');
  }
}
