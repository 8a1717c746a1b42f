# Reference values for tests/reference/test_agreement.py: Rscript tests/reference/make_agreement.R
suppressMessages({library(psych); library(jsonlite)})

one <- function(name, source, x) {
  x <- as.matrix(x)
  found <- psych::ICC(x, lmer = FALSE)$results
  ms <- summary(aov(value ~ subject + time,
                    data.frame(value = c(x), subject = factor(rep(seq_len(nrow(x)), ncol(x))),
                               time = factor(rep(seq_len(ncol(x)), each = nrow(x))))))[[1]]
  result <- list(name = name, source = source, data = unname(x),
                 between = ms[1, 3], occasions = ms[2, 3], error = ms[3, 3],
                 icc = found$ICC, low = found$`lower bound`, high = found$`upper bound`)
  if (ncol(x) == 2) {
    t <- t.test(x[, 2], x[, 1], paired = TRUE)
    d <- x[, 2] - x[, 1]
    r <- cor(x[, 1], x[, 2])
    result$pair <- list(mean_change = unname(t$estimate), low = t$conf.int[1], high = t$conf.int[2],
                        sd_change = sd(d), r = r, sem_consistency = sd(d) / sqrt(2),
                        index = d / (sqrt(2) * sd(x[, 1]) * sqrt(1 - r)))
  }
  result
}

sf <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7),
             ncol = 4, byrow = TRUE)
set.seed(8)
person <- rnorm(40)
retest <- round(10 + 4 * cbind(person + .5 * rnorm(40), person + .5 * rnorm(40)))
cases <- list(
  one("shrout_fleiss", "Shrout & Fleiss 1979, Psychol Bull 86:420, table 2", sf),
  one("sleep", "datasets::sleep, 10 patients under two drugs",
      cbind(sleep$extra[1:10], sleep$extra[11:20])),
  one("retest", "synthetic, set.seed(8), 40 people twice", retest))
write_json(list(made_with = list(R = R.version.string,
                                 packages = list(psych = as.character(packageVersion("psych"))),
                                 calls = c("psych::ICC(x, lmer = FALSE)$results",
                                           "aov(value ~ subject + time)",
                                           "t.test(x2, x1, paired = TRUE)")),
                cases = cases),
           "tests/reference/agreement.json", digits = NA, auto_unbox = TRUE)
