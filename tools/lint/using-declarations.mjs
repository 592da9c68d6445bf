/**
 * dependency-cruiser reads TypeScript by the visitor of @swc/core (TypeScript 7 has no API for other programs), and that
 * visitor throws on `using` and `await using`. Taught here, until https://github.com/swc-project/swc does it.
 */
import visitor from '@swc/core/Visitor.js';

export function teachUsingDeclarations() {
  const { prototype } = visitor.Visitor;
  const { visitStatement, visitPattern } = prototype;
  /** @this {any} @param {any} node */
  function visitUsing(node) {
    node.decls = this.visitVariableDeclarators(node.decls);
    return node;
  }
  /** @this {any} @param {any} node */
  prototype.visitStatement = function (node) {
    return node.type === 'UsingDeclaration' ? visitUsing.call(this, node) : visitStatement.call(this, node);
  };
  /** Where `for (const x of …)` has a pattern. @this {any} @param {any} node */
  prototype.visitPattern = function (node) {
    return node.type === 'UsingDeclaration' ? visitUsing.call(this, node) : visitPattern.call(this, node);
  };
}
