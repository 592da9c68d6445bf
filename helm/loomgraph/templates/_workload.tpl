{{/*
A process as Deployment, Service, autoscaler and disruption budget. Takes a dict:
  root        the chart's context
  component   gateway, templates…: part of every name
  values      gateway, or one of subgraphs
  command     what runs in the container
  env         further entries of the container's environment, as a list
  stateful    whether it keeps embedded stores: then there is exactly one
*/}}
{{- define "loomgraph.workload" -}}
{{- $root := .root -}}
{{- $name := printf "%s-%s" (include "loomgraph.fullname" $root) .component -}}
{{- $context := dict "root" $root "component" .component -}}
{{- $scaled := and (not .stateful) .values.autoscaling.enabled -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ $name }}
  labels: {{- include "loomgraph.labels" $context | nindent 4 }}
spec:
  {{- if not $scaled }}
  replicas: {{ ternary 1 .values.replicas .stateful }}
  {{- end }}
  {{- if .stateful }}
  strategy: { type: Recreate }
  {{- else }}
  strategy:
    type: RollingUpdate
    rollingUpdate: { maxSurge: 1, maxUnavailable: 0 }
  {{- end }}
  selector:
    matchLabels: {{- include "loomgraph.selectorLabels" $context | nindent 6 }}
  template:
    metadata:
      labels: {{- include "loomgraph.labels" $context | nindent 8 }}
      annotations:
        prometheus.io/scrape: 'true'
        prometheus.io/port: {{ include "loomgraph.containerPort" $root | quote }}
        prometheus.io/path: /metrics
        # A changed setting starts new pods.
        checksum/settings: {{ list $root.Values.config $root.Values.secrets .values.config | toJson | sha256sum }}
        {{- with .values.podAnnotations }}{{- toYaml . | nindent 8 }}{{- end }}
    spec:
      serviceAccountName: {{ include "loomgraph.serviceAccountName" $root }}
      automountServiceAccountToken: false
      {{- with $root.Values.imagePullSecrets }}
      imagePullSecrets: {{- toYaml . | nindent 8 }}
      {{- end }}
      # Longer than the wait below and SHUTDOWN_GRACE together.
      terminationGracePeriodSeconds: 60
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
      {{- if not .stateful }}
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {{- include "loomgraph.selectorLabels" $context | nindent 14 }}
      {{- end }}
      containers:
        - name: {{ .component }}
          image: {{ printf "%s:%s" $root.Values.image.repository (default $root.Chart.AppVersion $root.Values.image.tag) | quote }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          command: {{ toJson .command }}
          ports:
            - { name: http, containerPort: {{ include "loomgraph.containerPort" $root }} }
          envFrom:
            - configMapRef: { name: {{ include "loomgraph.fullname" $root }} }
            - secretRef: { name: {{ include "loomgraph.secretName" $root }} }
          env:
            - { name: HOST, value: 0.0.0.0 }
            - { name: PORT, value: {{ include "loomgraph.containerPort" $root | quote }} }
            - { name: LOOM_DATA_DIR, value: /data }
            {{- with .env }}{{- toYaml . | nindent 12 }}{{- end }}
            {{- range $key, $value := .values.config }}
            - { name: {{ $key }}, value: {{ $value | quote }} }
            {{- end }}
          # The first start of embedded stores takes a few seconds, a first migration longer.
          startupProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 2
            failureThreshold: 60
          livenessProbe:
            httpGet: { path: /health/live, port: http }
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 6
          readinessProbe:
            httpGet: { path: /health/ready, port: http }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 3
          lifecycle:
            # Until every node knows that this pod takes no more.
            preStop: { exec: { command: [sleep, '5'] } }
          resources: {{- toYaml .values.resources | nindent 12 }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: data, mountPath: /data }
            - { name: tmp, mountPath: /tmp }
      volumes:
        - name: data
          {{- if and .stateful $root.Values.persistence.enabled }}
          persistentVolumeClaim: { claimName: {{ include "loomgraph.fullname" $root }} }
          {{- else }}
          emptyDir: {}
          {{- end }}
        - { name: tmp, emptyDir: {} }
      {{- with .values.nodeSelector }}
      nodeSelector: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.tolerations }}
      tolerations: {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .values.affinity }}
      affinity: {{- toYaml . | nindent 8 }}
      {{- end }}
---
apiVersion: v1
kind: Service
metadata:
  name: {{ $name }}
  labels: {{- include "loomgraph.labels" $context | nindent 4 }}
  {{- with (.values.service).annotations }}
  annotations: {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  type: {{ (.values.service).type | default "ClusterIP" }}
  selector: {{- include "loomgraph.selectorLabels" $context | nindent 4 }}
  ports:
    - { name: http, port: {{ (.values.service).port | default (include "loomgraph.containerPort" $root) }}, targetPort: http }
{{- if $scaled }}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ $name }}
  labels: {{- include "loomgraph.labels" $context | nindent 4 }}
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: {{ $name }} }
  minReplicas: {{ .values.autoscaling.minReplicas }}
  maxReplicas: {{ .values.autoscaling.maxReplicas }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .values.autoscaling.targetCpuPercent }} }
{{- end }}
{{- if and (not .stateful) .values.disruptionBudget.enabled }}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: {{ $name }}
  labels: {{- include "loomgraph.labels" $context | nindent 4 }}
spec:
  maxUnavailable: {{ .values.disruptionBudget.maxUnavailable }}
  selector:
    matchLabels: {{- include "loomgraph.selectorLabels" $context | nindent 6 }}
{{- end }}
{{- end -}}
