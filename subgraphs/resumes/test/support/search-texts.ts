export const ENGLISH = `# Ann Example
Senior Backend Engineer | ann@example.com

## Summary

Builds services that stay up.

## Work Experience

Acme Inc | Senior Engineer | 2018-03 - 2022-06
- Was responsible for operating Kubernetes clusters in three regions

Globex Corp | Engineer | 2014-01 - 2018-02
- Wrote the payroll system in Java

## Education

Stanford University | Bachelor of Science in Mathematics | 2010 - 2013

## Skills

Java, Kafka, Kubernetes

## Languages

English: native, French: fluent
`;

export const CHINESE = `# 王小明
高级后端工程师

## 个人简介

专注于支付系统的稳定性。

## 工作经历

字节跳动 | 高级工程师 | 2019-03 - 2024-05
- 负责分布式缓存架构的设计与落地

阿里巴巴 | 工程师 | 2015-07 - 2019-02
- 搭建推荐系统的离线计算平台

## 教育背景

浙江大学 | 本科 | 计算机科学 | 2011-09 - 2015-06

## 专业技能

微服务、Redis、Spring Boot
`;

export const NURSE = `# Eve Other
Nurse

## Summary

Cares for patients on the night ward of a children's hospital.

## Education

Trinity College | Bachelor of Science in Nursing | 2012 - 2016
`;
