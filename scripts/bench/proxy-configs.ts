/** Settings of the proxies that stand beside for comparison: one process, one thread, nothing stored, nothing logged. */

const MAX_CONNECTIONS = 4096;

/** https://nginx.org/en/docs/http/ngx_http_proxy_module.html */
export function nginxConfig(port: number, upstreamPort: number): string {
  return `
daemon off;
master_process off;
worker_processes 1;
error_log stderr crit;
pid nginx.pid;
events { worker_connections ${MAX_CONNECTIONS}; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  client_max_body_size 0;
  upstream mock {
    server 127.0.0.1:${upstreamPort};
    keepalive 256;
    keepalive_requests 1000000000;
  }
  server {
    listen 127.0.0.1:${port} backlog=${MAX_CONNECTIONS};
    location / {
      proxy_pass http://mock;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffering off;
      proxy_request_buffering off;
      proxy_read_timeout 600s;
    }
  }
}
`;
}

/** https://docs.haproxy.org/2.6/configuration.html */
export function haproxyConfig(port: number, upstreamPort: number): string {
  return `
global
  nbthread 1
  maxconn ${MAX_CONNECTIONS}
defaults
  mode http
  option http-no-delay
  http-reuse always
  timeout connect 5s
  timeout client 600s
  timeout server 600s
frontend bench
  bind 127.0.0.1:${port} backlog ${MAX_CONNECTIONS}
  default_backend mock
backend mock
  server mock 127.0.0.1:${upstreamPort}
`;
}
