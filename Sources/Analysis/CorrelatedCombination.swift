// SPDX-License-Identifier: GPL-3.0-or-later
public import Quantities

/// The budget of a sum Σ c·X of estimates of which some lines are one and the same error.
///
/// What `shared` holds for, such as the gain of one instrument, is one unknown in every estimate: lines of one id
/// are added with their signs, Σ cᵢ·contributionᵢ, and keep the fewest degrees of freedom among them. All other
/// lines are independent from estimate to estimate and are combined in quadrature for each id, with the degrees of
/// freedom of Welch and Satterthwaite (JCGM 100:2008, equations 13, 16 and G.2b). A line that an estimate lacks
/// counts as zero in it. `budgets` and `coefficients` are of equal count, in one order; a contribution of the result
/// is in the unit of coefficient times contribution. The lines come in the order in which their ids first appear.
public func combinedBudget(
  _ budgets: [[BudgetLine]], coefficients: [Double], shared: (BudgetLine) -> Bool
) -> [BudgetLine] {
  precondition(budgets.count == coefficients.count, "\(budgets.count) budgets, \(coefficients.count) factors")
  let scaled = zip(budgets, coefficients).flatMap { budget, factor in budget.map { $0.scaled(by: factor) } }
  var seen: Set<String> = []
  return scaled.filter { seen.insert($0.id).inserted }.map { first in
    let lines = scaled.filter { $0.id == first.id }
    var independent = lines.filter { !shared($0) }
    let common = lines.filter(shared)
    if let line = common.first {
      independent.append(
        line.replacing(
          contribution: common.reduce(0) { $0 + $1.contribution },
          degreesOfFreedom: common.compactMap(\.degreesOfFreedom).min()))
    }
    guard independent.count > 1 else { return independent.first ?? first }
    return first.replacing(
      contribution: combinedStandardUncertainty(independent),
      degreesOfFreedom: effectiveDegreesOfFreedom(independent))
  }
}

extension BudgetLine {
  fileprivate func scaled(by factor: Double) -> BudgetLine {
    replacing(contribution: factor * contribution, degreesOfFreedom: degreesOfFreedom)
  }

  fileprivate func replacing(contribution: Double, degreesOfFreedom: Double?) -> BudgetLine {
    BudgetLine(
      id: id, evaluation: evaluation, title: title, contribution: contribution,
      degreesOfFreedom: degreesOfFreedom)
  }
}
