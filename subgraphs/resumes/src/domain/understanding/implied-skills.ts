/** Who works with one on the right has some of the one on the left: its parts, its tools, its methods. Names as the gazetteer has them. */
const PARTS: Readonly<Record<string, string>> = {
  机器学习: '深度学习,自然语言处理,计算机视觉,推荐系统,强化学习,语音识别,特征工程,异常检测,scikit-learn,XGBoost,LightGBM,MLOps',
  深度学习: 'TensorFlow,PyTorch,Keras,图神经网络,BERT,大模型,CUDA,模型压缩',
  自然语言处理: '大模型,BERT,Hugging Face,spaCy,NLTK,对话系统,机器翻译,文本挖掘',
  文本挖掘: '情感分析,文本分类',
  大模型: 'RAG,LangChain,提示工程',
  计算机视觉: 'OpenCV',
  推荐系统: '协同过滤',
  信息检索: 'Elasticsearch,RAG,向量数据库,排序学习',
  向量数据库: 'FAISS,Milvus,RAG',
  知识图谱: 'Neo4j',
  数据科学: '机器学习,统计学,数据挖掘',
  数据分析: 'A/B测试,数据挖掘,数据可视化,pandas',
  统计学: 'A/B测试,时间序列,因果推断',
  数据可视化: 'Tableau,Power BI,Looker,ECharts,D3.js,Matplotlib',
  数据工程: 'ETL,Airflow,dbt,数据仓库',
  数据仓库: 'Snowflake,BigQuery,Redshift,Hive,ClickHouse',
  大数据: 'Hadoop,Spark,Flink,Hive,HBase',
  分布式系统: '微服务,Hadoop,Spark,Flink,ZooKeeper',
  微服务: 'Spring Cloud,Dubbo,Istio,Service Mesh',
  消息队列: 'Kafka,RabbitMQ,RocketMQ,ActiveMQ',
  SQL: 'MySQL,PostgreSQL,Oracle,SQL Server,MariaDB,SQLite,TiDB,PL/SQL,Hive,BigQuery,Redshift,Snowflake',
  Java: 'Spring,Spring Boot,Spring Cloud,MyBatis,Hibernate,JUnit',
  Spring: 'Spring Boot,Spring Cloud',
  Python: 'Django,Flask,FastAPI,pandas,NumPy,SciPy,scikit-learn,PyTorch,pytest',
  JavaScript: 'TypeScript,React,Vue,Angular,Svelte,jQuery,Node.js,Next.js,Nuxt',
  PHP: 'Laravel,Symfony',
  Ruby: 'Ruby on Rails',
  '.NET': 'ASP.NET',
  'C#': 'ASP.NET',
  前端开发: 'React,Vue,Angular,Svelte,小程序,Webpack,全栈',
  后端开发: 'Spring Boot,Django,Flask,FastAPI,NestJS,Laravel,ASP.NET,微服务,全栈',
  'CI/CD': 'Jenkins,GitLab CI,GitHub Actions',
  DevOps: 'CI/CD,Terraform,Ansible,Kubernetes,SRE',
  Docker: 'Kubernetes',
  自动化测试: 'Selenium,Cypress,Playwright,Appium',
  性能测试: 'JMeter,LoadRunner',
  单元测试: 'JUnit,pytest,Jest,测试驱动开发',
  用户体验: '交互设计,用户研究',
  敏捷: 'Scrum,看板',
  项目管理: 'PMP,Scrum',
  市场营销: '数字营销,品牌管理',
  数字营销: 'SEO,SEM',
  会计: 'CPA',
  财务分析: '财务建模,CFA',
};

const parts = new Map(Object.entries(PARTS).map(([name, list]) => [name, list.split(',')]));

/** For every skill that has parts, all of them, those of its parts included. */
export const impliedBy: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  [...parts.keys()].map((name) => {
    const all = new Set<string>();
    const open = [...(parts.get(name) ?? [])];
    for (let part = open.pop(); part !== undefined; part = open.pop()) {
      if (all.has(part)) continue;
      all.add(part);
      open.push(...(parts.get(part) ?? []));
    }
    return [name, all];
  }),
);
