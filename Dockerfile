# The site's image: web server, worker and clock are the same image with another command (docker-compose.yml).
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data WEB_BIND=0.0.0.0:8000 PATH=/srv/venv/bin:$PATH
RUN useradd --system --uid 10001 --home-dir /data --create-home site
WORKDIR /srv/site

COPY requirements.lock ./
RUN python -m venv /srv/venv && pip install --no-cache-dir --require-hashes -r requirements.lock

COPY . .
# Static files are collected into the image; the settings want names, not servers, for that.
RUN SECRET_KEY=only-while-building-this-image-0123456789-0123456789-abcdef \
    DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 \
    SITE_URL=https://example.org python manage.py collectstatic --noinput \
    && chown -R site /data

USER site
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-m", "cocreate.healthcheck"]
CMD ["gunicorn", "-c", "python:cocreate.gunicorn"]
