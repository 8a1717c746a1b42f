# Reference values for tests/reference/test_careless.py: Rscript tests/reference/make_careless.R
# The package careless is not in Debian: its definitions are written out here in base R.
suppressMessages({library(psych); library(jsonlite)})

x <- as.matrix(na.omit(psych::bfi[1:80, 1:25]))
turned <- x
for (item in c("A1", "C4", "C5", "E1", "E2", "O2", "O5")) turned[, item] <- 7 - turned[, item]
scales <- lapply(0:4, function(s) 5 * s + 1:5)

even_odd <- apply(turned, 1, function(row) {
  odd <- sapply(scales, function(i) mean(row[i[c(1, 3, 5)]]))
  even <- sapply(scales, function(i) mean(row[i[c(2, 4)]]))
  r <- cor(odd, even)
  max(2 * r / (1 + r), -1)
})
d2 <- mahalanobis(x, colMeans(x), cov(x))
write_json(list(
  made_with = list(R = R.version.string,
    packages = list(psych = as.character(packageVersion("psych"))),
    calls = c("rle(row)$lengths", "sd(row)", "mahalanobis(x, colMeans(x), cov(x))",
              "pchisq(d2, 25, lower.tail = FALSE)", "cor(row, colMeans(x))",
              "careless::evenodd as of 1.1: 2r / (1 + r), not below -1")),
  source = "psych::bfi, complete cases of the first 80 rows; scales A, C, E, N, O, reversed items turned",
  data = unname(x), turned = unname(turned),
  longstring = apply(x, 1, function(r) max(rle(r)$lengths)),
  mean_run = apply(x, 1, function(r) mean(rle(r)$lengths)),
  irv = apply(x, 1, sd), mahalanobis = d2,
  mahalanobis_p = pchisq(d2, ncol(x), lower.tail = FALSE),
  even_odd = even_odd, person_total = apply(x, 1, function(r) cor(r, colMeans(x)))),
  "tests/reference/careless.json", digits = NA, auto_unbox = TRUE)
