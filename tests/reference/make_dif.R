# Reference values for tests/reference/test_dif.py: Rscript tests/reference/make_dif.R
suppressMessages({library(psychotools); library(MASS); library(coin); library(jsonlite)})

data("VerbalAggression", package = "psychotools")
seen <- 1:8
ordered3 <- VerbalAggression$resp[, seen]
binary <- VerbalAggression$resp2[, seen]
focal <- as.integer(VerbalAggression$gender == "male")

mh <- function(item) {
  total <- factor(rowSums(binary))
  keep <- ave(focal, total, FUN = function(g) length(unique(g))) == 2
  tab <- table(factor(focal[keep], 0:1), factor(binary[keep, item], 1:0), droplevels(total[keep]))
  with_correction <- mantelhaen.test(tab, correct = TRUE)
  plain <- mantelhaen.test(tab, correct = FALSE)
  ci <- log(with_correction$conf.int)
  list(alpha = unname(with_correction$estimate), se = unname(diff(ci)) / (2 * qnorm(0.975)),
       chi2 = unname(with_correction$statistic), chi2_plain = unname(plain$statistic),
       p = with_correction$p.value)
}

mantel <- function(item) {
  total <- factor(rowSums(ordered3))
  test <- coin::independence_test(ordered3[, item] ~ factor(focal) | total, teststat = "quadratic")
  y <- ordered3[, item]
  parts <- split(data.frame(y, focal), total)
  parts <- parts[sapply(parts, function(p) length(unique(p$focal)) == 2)]
  nf <- sapply(parts, function(p) sum(p$focal))
  gap <- sapply(parts, function(p) mean(p$y[p$focal == 1]) - mean(p$y[p$focal == 0]))
  smd <- sum(nf / sum(nf) * gap)
  list(chi2 = unname(statistic(test)), p = as.numeric(pvalue(test)), smd = smd, effect = smd / sd(y))
}

pseudo <- function(l, l0, n) c(nagelkerke = (1 - exp(2 * (l0 - l) / n)) / (1 - exp(2 * l0 / n)),
                               mcfadden = 1 - l / l0)

ordinal <- function(data, item) {
  y <- data[, item]; s <- rowSums(data); n <- length(y)
  if (length(unique(y)) == 2) {
    m <- list(glm(y ~ 1, binomial), glm(y ~ s, binomial), glm(y ~ s + focal, binomial),
              glm(y ~ s * focal, binomial))
    m <- lapply(m, function(x) update(x, epsilon = 1e-14, maxit = 100))
  } else {
    f <- ordered(y)
    control <- list(reltol = 1e-15, maxit = 1000)
    m <- list(polr(f ~ 1, control = control), polr(f ~ s, control = control),
              polr(f ~ s + focal, control = control), polr(f ~ s * focal, control = control))
  }
  l <- sapply(m, function(x) as.numeric(logLik(x)))
  r <- sapply(l, pseudo, l0 = l[1], n = n)
  step <- function(a, b) list(chi2 = 2 * (l[b] - l[a]), nagelkerke = unname(r[1, b] - r[1, a]),
                              mcfadden = unname(r[2, b] - r[2, a]),
                              p = pchisq(2 * (l[b] - l[a]), b - a, lower.tail = FALSE))
  list(log_likelihood = l, odds_ratio = unname(exp(coef(m[[3]])["focal"])), uniform = step(2, 3),
       non_uniform = step(3, 4), total = step(2, 4))
}

some <- c(0.04, 0.001, NA, 0.8, 0.03, 0.04)
packages <- c("psychotools", "MASS", "coin")
write_json(list(
  made_with = list(R = R.version.string,
                   packages = lapply(setNames(packages, packages), function(p)
                     as.character(packageVersion(p))),
                   calls = c("stats::mantelhaen.test(item x group x sum)",
                             "coin::independence_test(item ~ group | sum, teststat = 'quadratic')",
                             "stats::glm(binomial), MASS::polr", "stats::p.adjust(p, 'BH')")),
  source = "psychotools::VerbalAggression, items 1-8, 316 people; focal group: men",
  focal = focal, binary = unname(as.matrix(binary)), ordered = unname(as.matrix(ordered3)),
  mantel_haenszel = lapply(seen, mh), mantel = lapply(seen, mantel),
  logistic = lapply(seen, function(i) ordinal(binary, i)),
  ordinal = lapply(seen, function(i) ordinal(ordered3, i)),
  bh = list(p = some, adjusted = p.adjust(some, "BH"))),
  "tests/reference/dif.json", digits = NA, auto_unbox = TRUE, na = "null")
