{{- define "application.selector" -}}
app.kubernetes.io/name: {{ .Release.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "application.labels" -}}
{{ include "application.selector" . }}
app: {{ .Release.Name }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- with .Values.image.tag }}
app.kubernetes.io/version: {{ . | quote }}
{{- end }}
{{- end }}

{{- define "application.image" -}}
{{- with .Values.image.registry }}{{ trimSuffix "/" . }}/{{ end }}{{ .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag }}{{ end }}
{{- end }}

{{- define "application.serviceName" -}}
{{ .Values.service.name | default .Release.Name }}
{{- end }}

{{- define "application.serviceAccount" -}}
{{ .Values.serviceAccount.name | default (ternary .Release.Name "default" .Values.serviceAccount.create) }}
{{- end }}

{{- define "application.configName" -}}
{{ .Release.Name }}-config
{{- end }}

{{/* What others must carry to connect to an application: whom a pod talks to stands in its labels. */}}
{{- define "application.talksTo" -}}
talks-to.keelson.dev/{{ . | replace "/" "." }}
{{- end }}

{{/* "scaled" when an autoscaler decides how many pods there are. */}}
{{- define "application.scaled" -}}
{{- if kindIs "map" .Values.replicas }}scaled{{ end }}
{{- end }}

{{- define "application.fixed" -}}
{{ kindIs "invalid" .Values.replicas | ternary 2 .Values.replicas }}
{{- end }}

{{- define "application.least" -}}
{{- if include "application.scaled" . }}{{ .Values.replicas.min }}{{ else }}{{ include "application.fixed" . }}{{ end }}
{{- end }}

{{/* One probe of the container. Nothing is asked of a container without a port. */}}
{{- define "application.probe" -}}
{{- $left := kindIs "invalid" .probe }}
{{- $asked := or (kindIs "map" .probe) (and $left (eq .name "readinessProbe")) }}
{{- if and .port $asked }}
{{- $probe := $left | ternary dict .probe }}
{{ .name }}:
  {{- if $probe.path }}
  httpGet:
    path: {{ $probe.path }}
    port: main
  {{- else }}
  tcpSocket:
    port: main
  {{- end }}
  {{- with omit $probe "path" }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "application.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: {{ .Values.security.readOnlyRootFilesystem }}
capabilities:
  drop: [ALL]
{{- end }}
