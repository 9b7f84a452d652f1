# Styles, scripts and icons.
FROM node:22-slim AS frontend
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN node frontend/build.mjs

# Libraries, in a folder that can be copied whole.
FROM python:3.11-slim AS libraries
RUN python -m venv /opt/venv
COPY requirements.txt .
RUN /opt/venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

# A mailbox for trying things out: it prints what it gets and sends nothing on.
FROM python:3.11-slim AS mail
RUN pip install --no-cache-dir aiosmtpd==1.4.6
USER nobody
CMD ["python", "-u", "-m", "aiosmtpd", "--nosetuid", "--listen", "0.0.0.0:1025"]

# The site: the same image for web, worker and beat.
FROM python:3.11-slim AS site
RUN useradd --system --uid 10001 --home-dir /srv/site site \
    && install -d -o site -g site /var/lib/participatie /var/lib/participatie/media
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ENV_FILE= \
    VAR_DIR=/var/lib/participatie
COPY --from=libraries /opt/venv /opt/venv
WORKDIR /srv/site
COPY . .
COPY --from=frontend /src/build build
COPY --from=frontend /src/frontend/templates/icons frontend/templates/icons
RUN pybabel --quiet compile --domain django --directory locale
USER site
# The static files need no secret; what stands here is used for this one command.
RUN SECRET_KEY=collecting ALLOWED_HOSTS=localhost SITE_URL=http://localhost \
    python manage.py collectstatic --no-input --verbosity 0
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "participatie.wsgi:application"]
