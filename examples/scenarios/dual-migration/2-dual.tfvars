mode = "dual"
