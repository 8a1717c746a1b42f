# Reference values for tests/reference/test_other_data.py: Rscript tests/reference/make_other_data.R
# Other data than in the files beside it, chosen for what is awkward: unreversed items, two answers,
# nine people, negative agreement, scores worse than chance, ties, three factors.
suppressMessages({library(psych); library(lavaan); library(jsonlite); library(pROC); library(MASS)})
quiet <- function(x) suppressMessages(suppressWarnings(x))
rounded <- function(x) unname(as.matrix(x))

sums <- function(name, x) {
  complete <- na.omit(as.data.frame(x))
  a <- quiet(psych::alpha(complete, check.keys = FALSE, warnings = FALSE))
  ci <- psych::alpha.ci(a$total$raw_alpha, nrow(complete), ncol(complete))
  list(name = name, data = rounded(x), complete = nrow(complete), alpha = a$total$raw_alpha,
       low = ci$lower.ci, high = ci$upper.ci, standardised = a$total$std.alpha,
       item_rest_r = a$item.stats$r.drop, alpha_if_dropped = a$alpha.drop$raw_alpha,
       skewness = psych::skew(rowSums(complete), type = 2))
}
agreement <- function(name, x) {
  found <- quiet(psych::ICC(x, lmer = FALSE))$results
  list(name = name, data = rounded(x), icc = found$ICC, low = found$`lower bound`,
       high = found$`upper bound`)
}
curve <- function(name, score) {
  r <- roc(pima$type == "Yes", pima[[score]], direction = "<", quiet = TRUE)
  best <- coords(r, "best", best.method = "youden", ret = c("sensitivity", "specificity"))
  ci <- ci.auc(r)
  list(name = name, score = score, area = as.numeric(auc(r)), low = ci[1], high = ci[3],
       sensitivity = best$sensitivity, specificity = best$specificity)
}

bfi <- psych::bfi
set.seed(1)
noise <- matrix(round(rnorm(60), 2), 20, 3)
pima <- MASS::Pima.te
nine <- lavaan::HolzingerSwineford1939[, 7:15]
model <- "v =~ x1 + x2 + x3\nt =~ x4 + x5 + x6\ns =~ x7 + x8 + x9"
fit <- lavaan::cfa(model, nine, std.lv = TRUE)
solution <- lavaan::standardizedSolution(fit)
between <- solution$op == "~~" & solution$lhs != solution$rhs
plain <- quiet(psych::fa(nine, 3, fm = "minres", rotate = "none"))
turned <- quiet(psych::fa(nine, 3, fm = "minres", rotate = "oblimin"))
big <- na.omit(cbind(bfi[1:600, 16:20], gender = bfi$gender[1:600]))
two <- (as.matrix(big[, 1:5]) > 3) * 1
total <- rowSums(two)
told <- total > 0 & total < 5
haenszel <- lapply(1:5, function(i) {
  r <- mantelhaen.test(table(factor(big$gender[told], 1:2), factor(two[told, i], 1:0), total[told]))
  list(odds_ratio = unname(r$estimate), chi2 = unname(r$statistic), p = r$p.value)
})
pair <- quiet(roc.test(roc(pima$type, pima$glu, direction = "<"),
                       roc(pima$type, pima$bmi, direction = "<"), method = "delong"))

version <- function(name) as.character(packageVersion(name))
write_json(list(
  made_with = list(R = R.version.string, packages = sapply(
    c("psych", "lavaan", "pROC", "MASS"), version, simplify = FALSE),
    calls = "psych::alpha, alpha.ci, skew(type = 2), ICC(lmer = FALSE), fa(fm = 'minres'); pROC::roc, ci.auc, coords, roc.test(method = 'delong'); lavaan::cfa(std.lv = TRUE); stats::varimax(eps = 1e-15), mantelhaen.test"),
  reliability = list(
    sums("unreversed", bfi[1:120, 11:15]), sums("two_answers", (bfi[1:120, 16:20] > 3) * 1),
    sums("nine_people", bfi[1:9, 16:19]), sums("three_items", bfi[1:100, 16:18])),
  agreement = list(
    agreement("noise", noise), agreement("six_raters", rounded(na.omit(bfi[1:30, 16:20]))),
    agreement("four_people", matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8), 4))),
  roc = list(source = "MASS::Pima.te", criterion = as.integer(pima$type == "Yes"),
             scores = list(glu = pima$glu, bp = pima$bp, bmi = pima$bmi),
             curves = list(curve("glucose", "glu"), curve("blood_pressure", "bp")),
             pair = list(z = unname(pair$statistic), p = pair$p.value)),
  factor = list(source = "lavaan::HolzingerSwineford1939, x1-x9", data = round(rounded(nine), 6),
    fit = as.list(fitMeasures(fit, c("chisq", "df", "cfi", "tli", "rmsea", "rmsea.ci.lower",
                                     "rmsea.ci.upper", "srmr"))),
    loadings = solution$est.std[1:9], correlations = solution$est.std[between],
    varimax = rounded(unclass(varimax(unclass(plain$loadings)[, ], eps = 1e-15)$loadings)),
    oblimin = rounded(unclass(turned$loadings)[, ])),
  dif = list(source = "psych::bfi[1:600, 16:20] > 3, by gender", data = unname(two),
             gender = big$gender, items = haenszel)
), "tests/reference/other_data.json", digits = NA, na = "null", auto_unbox = TRUE)
