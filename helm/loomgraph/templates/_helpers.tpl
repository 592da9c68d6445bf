{{- define "loomgraph.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "loomgraph.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- $name := include "loomgraph.name" . -}}
{{- if contains $name .Release.Name -}}{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}{{- end -}}
{{- end -}}
{{- end -}}

{{/* Takes (dict "root" $ "component" "gateway"); selectors never change, so they hold no version. */}}
{{- define "loomgraph.selectorLabels" -}}
app.kubernetes.io/name: {{ include "loomgraph.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end -}}

{{- define "loomgraph.labels" -}}
{{ include "loomgraph.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "loomgraph.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}{{- default (include "loomgraph.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}{{- default "default" .Values.serviceAccount.name -}}{{- end -}}
{{- end -}}

{{- define "loomgraph.secretName" -}}
{{- default (include "loomgraph.fullname" .) .Values.existingSecret -}}
{{- end -}}

{{/* Port of every process in its container. */}}
{{- define "loomgraph.containerPort" -}}4000{{- end -}}

{{/* Names of the subgraphs that are deployments of their own, separated by commas. */}}
{{- define "loomgraph.remoteSubgraphs" -}}
{{- $names := list -}}
{{- range $name, $subgraph := .Values.subgraphs -}}{{- if $subgraph.enabled -}}{{- $names = append $names $name -}}{{- end -}}{{- end -}}
{{- join "," $names -}}
{{- end -}}

{{/* Fails where the values do not go together. */}}
{{- define "loomgraph.validate" -}}
{{- $remote := include "loomgraph.remoteSubgraphs" . -}}
{{- if and (eq .Values.stores "embedded") $remote -}}
{{- fail (printf "subgraphs (%s) can be deployments of their own with stores: external only, since embedded stores belong to one process" $remote) -}}
{{- end -}}
{{- if and (eq .Values.stores "external") (not .Values.existingSecret) -}}
{{- range $key := list "MYSQL_URL" "POSTGRES_URL" "REDIS_URL" -}}
{{- if not (index $.Values.secrets $key) -}}{{- fail (printf "stores: external needs secrets.%s, or an existingSecret that has it" $key) -}}{{- end -}}
{{- end -}}
{{- if not (or .Values.secrets.JWT_SECRET .Values.config.JWKS_URL .Values.gateway.config.JWKS_URL) -}}
{{- fail "several gateways must verify access tokens alike: set secrets.JWT_SECRET, config.JWKS_URL or an existingSecret" -}}
{{- end -}}
{{- if and $remote (not .Values.secrets.GATEWAY_IDENTITY_SECRET) -}}
{{- fail "subgraphs of their own need secrets.GATEWAY_IDENTITY_SECRET, or an existingSecret that has it" -}}
{{- end -}}
{{- end -}}
{{- end -}}
