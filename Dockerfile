# reportgen with the TeX and the fonts it needs; docs/how-to/docker.md says how to build and use it.
FROM debian:bookworm-slim AS environment
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3-venv \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY requirements-uv.lock ./
RUN python3 -m venv /opt/uv \
    && /opt/uv/bin/pip install --no-cache-dir --require-hashes --requirement requirements-uv.lock \
    && python3 -m venv --without-pip /opt/reportgen
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY src src
COPY templates templates
COPY bib bib
# Extras of the package, such as parquet, by --build-arg EXTRAS=parquet.
ARG EXTRAS=
# No user of the image may write beside the code, so it is compiled here.
RUN /opt/uv/bin/uv pip install --no-cache --compile-bytecode --python /opt/reportgen \
    --constraints requirements.lock --build-constraints requirements.lock ".${EXTRAS:+[$EXTRAS]}"

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        python3 \
        texlive-latex-base \
        texlive-latex-recommended \
        texlive-luatex \
        texlive-fonts-recommended \
        tex-gyre \
        fonts-texgyre \
        fonts-freefont-otf \
        fonts-wqy-microhei \
        fonts-symbola \
        fonts-hosny-amiri \
        fonts-noto-core \
        bubblewrap \
    && rm -rf /var/lib/apt/lists/*
COPY --from=environment /opt/reportgen /opt/reportgen
# Open to every user, so that `docker run --user` may name any.
RUN useradd --create-home reportgen && install --directory --mode=1777 /var/cache/reportgen
ENV PATH=/opt/reportgen/bin:$PATH LANG=C.UTF-8
ENV REPORTGEN_CACHE=/var/cache/reportgen MPLCONFIGDIR=/var/cache/reportgen/matplotlib
USER reportgen
WORKDIR /work
ENTRYPOINT ["reportgen"]
CMD ["--help"]
