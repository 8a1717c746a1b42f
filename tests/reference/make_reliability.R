# Reference values for tests/reference/test_reliability.py: Rscript tests/reference/make_reliability.R
suppressMessages({library(psych); library(lavaan); library(jsonlite)})

halves <- function(x) {
  odd <- rowSums(x[, seq(1, ncol(x), 2), drop = FALSE])
  even <- rowSums(x[, seq(2, ncol(x), 2), drop = FALSE])
  r <- cor(odd, even)
  list(r = r, spearman_brown = 2 * r / (1 + r),
       guttman = 2 * (1 - (var(odd) + var(even)) / var(odd + even)))
}

one <- function(name, source, x) {
  x <- as.data.frame(x)
  complete <- na.omit(x)
  a <- suppressWarnings(psych::alpha(complete, check.keys = FALSE, warnings = FALSE))
  ci <- psych::alpha.ci(a$total$raw_alpha, nrow(complete), ncol(complete))
  omega <- suppressMessages(suppressWarnings(
    psych::omega(complete, nfactors = 1, flip = FALSE, plot = FALSE)))
  model <- paste("f =~", paste(names(x), collapse = " + "))
  fit <- lavaan::cfa(model, complete, std.lv = TRUE)
  est <- lavaan::parameterEstimates(fit)
  l <- est$est[est$op == "=~"]
  theta <- est$est[est$op == "~~" & est$lhs != "f"]
  list(name = name, source = source, data = unname(as.matrix(x)), complete = nrow(complete),
       alpha = a$total$raw_alpha, alpha_low = ci$lower.ci, alpha_high = ci$upper.ci,
       alpha_standardised = a$total$std.alpha, mean_inter_item_r = a$total$average_r,
       item_rest_r = a$item.stats$r.drop, alpha_if_dropped = a$alpha.drop$raw_alpha,
       mean = a$item.stats$mean, sd = a$item.stats$sd,
       omega_minres = omega$omega.tot,
       omega_ml = sum(l)^2 / (sum(l)^2 + sum(theta)),
       sem = sd(rowSums(complete)) * sqrt(1 - a$total$raw_alpha),
       split_half = halves(complete))
}

agreeableness <- psych::bfi[1:200, 1:5]
agreeableness$A1 <- 7 - agreeableness$A1
data("raschdat1", package = "eRm")
cases <- list(
  one("attitude", "datasets::attitude, 30 x 7 (Chatterjee & Price 1977)", attitude),
  one("agreeableness", "psych::bfi[1:200, 1:5] with A1 reversed as 7 - A1; missing answers",
      agreeableness),
  one("rasch", "eRm::raschdat1[, 1:10], answers 0 and 1 (KR-20)", raschdat1[, 1:10]))
calls <- c("psych::alpha(na.omit(x), check.keys = FALSE)", "psych::alpha.ci(alpha, n, k)",
           "psych::omega(x, nfactors = 1, flip = FALSE)$omega.tot",
           "lavaan::cfa(f =~ ..., std.lv = TRUE): sum(l)^2 / (sum(l)^2 + sum(theta))")
packages <- c("psych", "lavaan", "eRm")
write_json(list(made_with = list(R = R.version.string, calls = calls,
                                 packages = lapply(setNames(packages, packages), function(p)
                                   as.character(packageVersion(p)))),
                cases = cases),
           "tests/reference/reliability.json", digits = NA, auto_unbox = TRUE, na = "null")
