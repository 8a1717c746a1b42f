# Reference values for tests/reference/test_factor.py: Rscript tests/reference/make_factor.R
suppressMessages({library(psych); library(lavaan); library(jsonlite)})
set.seed(1)
options(mc.cores = 1)

x <- na.omit(psych::bfi[1:400, c(1:5, 6:8, 16:20)])
x$A1 <- 7 - x$A1
r <- cor(x)

efa <- function(m, rotate) {
  f <- suppressMessages(suppressWarnings(psych::fa(r, nfactors = m, n.obs = nrow(x), fm = "minres",
                                                   rotate = "none")))
  l <- unclass(f$loadings)
  tight <- function() GPArotation::oblimin(l, eps = 1e-7, maxit = 10000)
  turned <- switch(rotate, none = list(loadings = l, Phi = diag(m)),
                   varimax = list(loadings = unclass(stats::varimax(l, eps = 1e-14)$loadings), Phi = diag(m)),
                   promax = {
                     v <- stats::varimax(l, eps = 1e-14)
                     q <- v$loadings * abs(v$loadings)^3
                     u <- lm.fit(unclass(v$loadings), q)$coefficients
                     u <- u %*% diag(sqrt(diag(solve(t(u) %*% u))))
                     list(loadings = unclass(v$loadings) %*% u, Phi = solve(t(u) %*% u))
                   },
                   oblimin = tight())
  list(factors = m, rotation = rotate, loadings = unname(turned$loadings), phi = unname(turned$Phi),
       communality = unname(f$communality), rms = f$rms)
}

cfa_of <- function(name, model) {
  fit <- lavaan::cfa(model, x, std.lv = TRUE)
  m <- fitMeasures(fit)
  e <- parameterEstimates(fit); s <- standardizedSolution(fit)
  keep <- e$op == "=~"
  pairs <- e$op == "~~" & e$lhs != e$rhs
  keys <- c("chisq", "df", "pvalue", "baseline.chisq", "baseline.df", "cfi", "tli", "rmsea",
            "rmsea.ci.lower", "rmsea.ci.upper", "srmr", "logl", "npar", "aic", "bic")
  list(name = name, fit = as.list(unclass(m[keys])), item = e$rhs[keep], factor = e$lhs[keep],
       loading = e$est[keep], se = e$se[keep], std = s$est.std[keep], correlations = e$est[pairs])
}
one <- paste("g =~", paste(names(x), collapse = " + "))
parts <- "agree =~ A1 + A2 + A3 + A4 + A5
          conscience =~ C1 + C2 + C3
          worry =~ N1 + N2 + N3 + N4 + N5"

par <- psych::fa.parallel(x, fm = "minres", fa = "both", n.iter = 200, plot = FALSE)
packages <- c("psych", "lavaan", "GPArotation")
write_json(list(
  made_with = list(R = R.version.string,
                   packages = lapply(setNames(packages, packages), function(p)
                     as.character(packageVersion(p))),
                   calls = c("psych::fa(r, fm = 'minres', rotate = 'none')", "stats::varimax(eps = 1e-14)",
                             "stats::promax written out, from that varimax",
                             "GPArotation::oblimin(eps = 1e-7)", "lavaan::cfa(std.lv = TRUE)",
                             "psych::fa.parallel(fm = 'minres', fa = 'both', n.iter = 200)")),
  source = "psych::bfi[1:400, ], complete cases, A1 reversed",
  names = names(x), data = unname(as.matrix(x)),
  efa = list(efa(1, "none"), efa(3, "none"), efa(3, "varimax"), efa(3, "promax"), efa(3, "oblimin"),
             efa(2, "oblimin")),
  cfa = list(cfa_of("one", one), cfa_of("parts", parts)),
  parallel = list(pc_values = par$pc.values, fa_values = par$fa.values, pc_sim = par$pc.sim,
                  fa_sim = par$fa.sim, nfact = par$nfact, ncomp = par$ncomp)),
  "tests/reference/factor.json", digits = NA, auto_unbox = TRUE, na = "null")
