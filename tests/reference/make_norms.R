# Reference values for tests/reference/test_norms.py: Rscript tests/reference/make_norms.R
suppressMessages({library(psych); library(jsonlite)})

scores <- rowSums(psych::bfi[1:300, 16:20])  # neuroticism, some missing
x <- na.omit(scores)
n <- length(x)
listed <- sort(unique(x))
below <- sapply(listed, function(s) sum(x < s))
at <- sapply(listed, function(s) sum(x == s))
middle <- below + at / 2
t <- t.test(x)
write_json(list(
  made_with = list(R = R.version.string,
    packages = list(psych = as.character(packageVersion("psych"))),
    calls = c("(rank(x) - 0.5) / n at each score", "qbeta(c(.025, .975), c + .5, n - c + .5)",
              "scale(x)", "50 + 10 * qnorm(percentile / 100)", "t.test(x)$conf.int",
              "psych::skew(x, type = 2)")),
  source = "psych::bfi, sums of N1..N5 of the first 300 rows", data = unname(scores),
  people = n, mean = mean(x), mean_low = t$conf.int[1], mean_high = t$conf.int[2], sd = sd(x),
  skewness = psych::skew(x, type = 2), score = listed, count = at,
  percentile = 100 * sapply(listed, function(s) unique((rank(x)[x == s] - 0.5) / n)),
  low = 100 * qbeta(.025, middle + .5, n - middle + .5),
  high = 100 * qbeta(.975, middle + .5, n - middle + .5),
  z = (listed - mean(x)) / sd(x), t = 50 + 10 * (listed - mean(x)) / sd(x),
  t_normalised = 50 + 10 * qnorm(middle / n)),
  "tests/reference/norms.json", digits = NA, auto_unbox = TRUE, na = "null")
