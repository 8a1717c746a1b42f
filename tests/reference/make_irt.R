# Reference values for tests/reference/test_irt.py: Rscript tests/reference/make_irt.R
# Neither ltm nor mirt is in Debian. Here the marginal likelihood is written once more, by other means:
# slopes and thresholds, 81 Gauss-Hermite points (Golub & Welsch), stats::optim and numDeriv.
suppressMessages({library(jsonlite); library(psych); library(numDeriv)})

gauss_hermite <- function(n) {
  i <- seq_len(n - 1)
  j <- matrix(0, n, n)
  j[cbind(i, i + 1)] <- j[cbind(i + 1, i)] <- sqrt(i)
  e <- eigen(j, symmetric = TRUE)
  list(x = e$values, w = e$vectors[1, ]^2)
}
gh <- gauss_hermite(81)

unpack <- function(par, kinds) {
  at <- 0
  lapply(kinds, function(m) {
    own <- par[at + seq_len(m)]
    at <<- at + m
    list(a = own[1], b = own[-1])
  })
}
item_probabilities <- function(item, theta) {
  above <- cbind(1, plogis(item$a * outer(theta, item$b, "-")), 0)
  above[, -ncol(above), drop = FALSE] - above[, -1, drop = FALSE]
}
joint <- function(par, seen, kinds) {
  items <- unpack(par, kinds)
  total <- matrix(0, nrow(seen), length(gh$x))
  for (j in seq_along(items)) {
    logs <- log(pmax(item_probabilities(items[[j]], gh$x), 1e-300))
    there <- !is.na(seen[, j])
    total[there, ] <- total[there, ] + t(logs[, seen[there, j]])
  }
  exp(total) %*% diag(gh$w)
}
minus <- function(par, seen, counts, kinds) -sum(counts * log(rowSums(joint(par, seen, kinds))))

one <- function(name, source, data) {
  values <- lapply(data, function(v) sort(unique(v[!is.na(v)])))
  x <- mapply(match, data, values)
  x[is.na(as.matrix(data))] <- NA
  x <- x[rowSums(!is.na(x)) > 0, ]
  key <- apply(x, 1, paste, collapse = " ")
  first <- !duplicated(key)
  counts <- as.numeric(table(key)[key[first]])
  kinds <- lengths(values)
  start <- unlist(lapply(seq_along(kinds), function(j) {
    above <- sapply(2:kinds[j], function(c) mean(x[, j] >= c, na.rm = TRUE))
    c(1, -qlogis(above) * 1.2)
  }))
  best <- optim(start, minus, seen = x[first, ], counts = counts, kinds = kinds, method = "BFGS",
                control = list(maxit = 2000, reltol = 1e-14))
  par <- best$par
  for (i in 1:3) {
    h <- numDeriv::hessian(minus, par, seen = x[first, ], counts = counts, kinds = kinds)
    par <- par - solve(h, numDeriv::grad(minus, par, seen = x[first, ], counts = counts, kinds = kinds))
  }
  errors <- sqrt(diag(solve(h)))
  shown <- head(which(first), 12)
  p <- joint(par, x[shown, ], kinds)
  eap <- as.numeric(p %*% gh$x / rowSums(p))
  se <- sqrt(as.numeric(p %*% gh$x^2 / rowSums(p)) - eap^2)
  list(name = name, source = source, data = unname(as.matrix(data)),
       log_likelihood = -minus(par, x[first, ], counts, kinds),
       items = unpack(par, kinds), errors = unpack(errors, kinds),
       eap = list(answers = unname(as.matrix(data[rowSums(!is.na(data)) > 0, ][shown, ])),
                  theta = eap, error = se))
}

data("bock", package = "psych")
counts <- lsat6
lsat <- as.data.frame(counts)
names(lsat) <- paste0("q", 1:5)
worry <- as.data.frame(psych::bfi[1:400, 16:20])

published <- list(
  source = paste("ltm::ltm(LSAT ~ z1, IRT.param = TRUE), summary and factor.scores as printed in its",
                 "documentation and by others; 21 Gauss-Hermite points, stopped at max|grad| 0.024"),
  log_likelihood = -2466.653,
  difficulty = c(-3.3597, -1.3696, -0.2799, -1.8659, -3.1236),
  difficulty_error = c(0.8669, 0.3073, 0.0997, 0.4341, 0.8700),
  discrimination = c(0.8254, 0.7229, 0.8905, 0.6886, 0.6575),
  discrimination_error = c(0.2581, 0.1867, 0.2326, 0.1852, 0.2100),
  map = list(answers = rbind(c(0, 0, 0, 0, 0), c(0, 0, 1, 1, 1), c(0, 1, 1, 1, 1), c(1, 0, 1, 1, 1),
                             c(1, 1, 1, 1, 1)),
             theta = c(-1.895, -0.463, 0.023, 0.093, 0.606),
             error = c(0.795, 0.812, 0.828, 0.831, 0.855)))
packages <- c("psych", "numDeriv")
write_json(list(made_with = list(R = R.version.string,
                                 calls = "see make_irt.R: optim(BFGS), then Newton with numDeriv",
                                 packages = lapply(setNames(packages, packages), function(p)
                                   as.character(packageVersion(p)))),
                published_ltm = published,
                cases = list(one("lsat6", "psych::lsat6 (Bock & Lieberman 1970), 1000 x 5", lsat),
                             one("worry", "psych::bfi[1:400, 16:20] (N1-N5), missing answers", worry))),
           "tests/reference/irt.json", digits = NA, auto_unbox = TRUE, na = "null")
