# Reference values for tests/reference/test_roc.py: Rscript tests/reference/make_roc.R
suppressMessages({library(pROC); library(jsonlite)})

data(aSAH)
died <- as.integer(aSAH$outcome == "Poor")

one <- function(name, score, higher) {
  r <- roc(died, score, levels = c(0, 1), direction = if (higher) "<" else ">", quiet = TRUE)
  ci <- as.numeric(ci.auc(r, method = "delong"))
  seen <- sort(unique(score), decreasing = higher)
  all <- t(sapply(seen, function(c) {
    rule <- if (higher) score >= c else score <= c
    c(tp = sum(rule & died == 1), fp = sum(rule & died == 0))
  }))
  best <- coords(r, "best", best.method = "youden", ret = c("sensitivity", "specificity", "ppv", "npv"),
                 best.policy = "omit", transpose = FALSE)
  list(name = name, score = score, worse_is_higher = higher, auc = as.numeric(auc(r)),
       low = ci[1], high = ci[3], cutoffs = seen, tp = all[, "tp"], fp = all[, "fp"],
       youden = as.list(best))
}

pair <- function(one, other) {
  t <- roc.test(roc(died, one, levels = c(0, 1), direction = "<", quiet = TRUE),
                roc(died, other, levels = c(0, 1), direction = "<", quiet = TRUE),
                method = "delong", paired = TRUE)
  list(z = as.numeric(t$statistic), p = t$p.value, low = t$conf.int[1], high = t$conf.int[2],
       first = as.numeric(t$estimate[1]), second = as.numeric(t$estimate[2]))
}

wilson <- lapply(list(c(0, 7), c(7, 7), c(3, 11), c(36, 41), c(500, 1000)), function(x) {
  t <- prop.test(x[1], x[2], correct = FALSE)$conf.int
  list(count = x[1], size = x[2], low = t[1], high = t[2])
})

wfns <- as.integer(as.character(aSAH$wfns))
write_json(list(
  made_with = list(R = R.version.string, packages = list(pROC = as.character(packageVersion("pROC"))),
                   calls = c("pROC::ci.auc(roc, method = 'delong')",
                             "pROC::roc.test(paired = TRUE, method = 'delong')",
                             "pROC::coords(roc, 'best', best.method = 'youden')",
                             "stats::prop.test(count, size, correct = FALSE)")),
  source = "pROC::aSAH, 113 patients (Turck and others 2010): outcome 'Poor' as the criterion",
  criterion = died,
  scores = list(one("s100b", aSAH$s100b, TRUE), one("ndka", aSAH$ndka, TRUE),
                one("wfns", wfns, TRUE), one("wfns turned", 6L - wfns, FALSE)),
  pairs = list(s100b_ndka = pair(aSAH$s100b, aSAH$ndka), s100b_wfns = pair(aSAH$s100b, wfns)),
  wilson = wilson),
  "tests/reference/roc.json", digits = NA, auto_unbox = TRUE, na = "null")
