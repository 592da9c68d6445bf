/** A skill by the name it is shown with, and what else it is called. */
export interface SkillEntry {
  readonly name: string;
  readonly group: string;
  readonly aliases: readonly string[];
}

/** One skill a word; other names after `=`, with commas between. Names of one letter or a common word need a list to stand in: they end in `!`. */
const groups: Readonly<Record<string, string>> = {
  language: `Java; JavaScript=js,ecmascript; TypeScript=ts!; Python=python3; Go!=golang,go语言; Rust!; C!=c语言; C++=cpp,c/c++; C#=csharp,c sharp; PHP; Ruby; Swift!; Kotlin; Scala;
    R!=r语言; Perl; Lua; Dart!; Objective-C=objc; Haskell; Erlang; Elixir!; Clojure; Groovy; MATLAB; Julia!; Shell=bash,shell script,shell脚本; PowerShell; SQL; PL/SQL=plsql; VBA; Solidity; COBOL; Fortran; Assembly!=汇编;
    HTML=html5; CSS=css3; Sass=scss; Less!; GraphQL; XML; WebAssembly=wasm; Verilog`,
  frontend: `React=reactjs,react.js; Vue=vuejs,vue.js,vue3,vue2; Angular=angularjs; Svelte; Next.js=nextjs; Nuxt=nuxt.js,nuxtjs; jQuery; Redux; MobX; Webpack; Vite; Rollup; Babel; Tailwind CSS=tailwind,tailwindcss; Bootstrap;
    Ant Design=antd; Element UI=element plus; Storybook; Three.js; D3.js=d3; ECharts; 小程序=微信小程序,mini program; uni-app=uniapp; Taro!; Electron!; Flutter; React Native; 前端开发=前端工程化,front-end development,frontend development,front-end engineer,frontend engineer,front-end developer,frontend developer,前端工程师; 响应式设计=responsive design`,
  backend: `Spring=spring framework; Spring Boot=springboot; Spring Cloud=springcloud; MyBatis=mybatis-plus; Hibernate; Dubbo; Netty; Django; Flask; FastAPI; Tornado; Node.js=nodejs,node; Express!=express.js,expressjs; NestJS=nest.js; Koa;
    Laravel; Symfony; Ruby on Rails=rails,ror; ASP.NET=asp.net core; .NET=.net core,dotnet; Gin!; gRPC; REST!=restful,rest api,restful api; WebSocket; 微服务=microservices,microservice,微服务架构; 分布式系统=distributed system,distributed systems,分布式; 高并发=high concurrency;
    消息队列=message queue,mq; RPC; OAuth=oauth2,oauth 2.0; JWT; 后端开发=back-end development,backend development,back-end engineer,backend engineer,back-end developer,backend developer,后端工程师; 全栈=全栈开发,full stack,full-stack,fullstack,全栈工程师; 领域驱动设计=ddd,domain-driven design; 多线程=multithreading,并发编程; 设计模式=design patterns`,
  data: `MySQL; PostgreSQL=postgres; Oracle; SQL Server=mssql; MongoDB=mongo; Redis; Elasticsearch=es!,elastic search; Cassandra; HBase; Neo4j; ClickHouse; TiDB; SQLite; MariaDB; DynamoDB; Memcached; InfluxDB; Snowflake!; BigQuery; Redshift;
    Kafka=apache kafka; RabbitMQ; RocketMQ; ActiveMQ; Pulsar!; Hadoop; Spark=apache spark,pyspark; Flink=apache flink; Hive=apache hive; Storm!; Airflow=apache airflow; dbt!; ETL; 数据仓库=data warehouse,data warehouses,data warehousing,数仓; 数据工程=data engineering,data engineer,数据工程师,数据开发; 数据分析=data analysis,data analytics,data analyst,数据分析师; 数据挖掘=data mining;
    数据可视化=data visualization,data visualisation; Tableau; Power BI=powerbi; Looker; Excel; 数据建模=data modeling,data modelling; 大数据=big data; 数据质量=data quality; pandas; NumPy; SciPy; Matplotlib; Milvus; 分库分表=sharding; 数据治理=data governance`,
  ai: `机器学习=machine learning,ml!,machine learning engineer,ml engineer,机器学习工程师; 数据科学=data science,data scientist,数据科学家; 深度学习=deep learning,dl!; 自然语言处理=nlp,natural language processing; 文本挖掘=text mining,text analytics; 文本分类=text classification; 情感分析=sentiment analysis; 机器翻译=machine translation; 对话系统=dialogue systems,dialog systems,conversational ai,chatbot,chatbots,聊天机器人; spaCy; NLTK; 信息检索=information retrieval,search relevance; 排序学习=learning to rank,learning-to-rank; 向量数据库=vector database,vector databases,vector search,similarity search; FAISS; 提示工程=prompt engineering; 图神经网络=graph neural network,graph neural networks,gnn; 协同过滤=collaborative filtering; 异常检测=anomaly detection; 因果推断=causal inference; 模型压缩=model compression,模型量化; 计算机视觉=computer vision,cv!; TensorFlow; PyTorch; Keras; scikit-learn=sklearn; XGBoost; LightGBM; Hugging Face=huggingface,transformers!;
    大模型=llm,llms,large language models,大语言模型; RAG!=retrieval-augmented generation,检索增强; LangChain; 推荐系统=recommender system,recommender systems,recommendation system,recommendation systems,推荐算法; 强化学习=reinforcement learning; OpenCV; BERT!; 知识图谱=knowledge graph,knowledge graphs; 特征工程=feature engineering;
    时间序列=time series; 统计学=statistics; A/B测试=a/b testing,ab测试,ab testing; 语音识别=speech recognition; MLOps; CUDA`,
  cloud: `AWS=amazon web services; Azure=microsoft azure; GCP=google cloud,google cloud platform; 阿里云=aliyun,alibaba cloud; 腾讯云=tencent cloud; 华为云=huawei cloud; Docker; Kubernetes=k8s; Helm!; Terraform; Ansible; Jenkins; GitLab CI=gitlab ci/cd; GitHub Actions; CI/CD=cicd,持续集成,continuous integration,持续交付;
    Prometheus; Grafana; ELK=elk stack; Nginx; Apache!; Tomcat; Linux; Unix; Istio; Service Mesh=服务网格; Serverless; 云原生=cloud native,cloud-native; DevOps; SRE!=site reliability engineering; Git; SVN; Maven; Gradle; OpenStack; VMware; 网络安全=network security,cyber security,cybersecurity; 渗透测试=penetration testing;
    TCP/IP; 负载均衡=load balancing; OpenTelemetry; Consul; Nacos; ZooKeeper; etcd`,
  mobile: `Android=安卓开发; iOS; SwiftUI; Jetpack Compose; 鸿蒙=harmonyos; Xamarin; Unity; Unreal Engine=unreal,ue4,ue5; 嵌入式=embedded,embedded systems,嵌入式开发; 单片机=mcu,microcontroller; FPGA; PLC; ROS!; 物联网=iot,internet of things; Qt!; AutoCAD=cad; SolidWorks`,
  testing: `Selenium; Cypress; Playwright; Jest; JUnit; pytest; Mocha!; JMeter; Postman; 自动化测试=test automation,automated testing,automation testing; 性能测试=performance testing,load testing; 单元测试=unit testing,unit tests; 测试驱动开发=tdd,test-driven development; Appium; LoadRunner`,
  design: `Figma; Sketch!; Adobe XD; Photoshop=ps!; Illustrator; InDesign; After Effects; Premiere=premiere pro; UI设计=ui design; 用户体验=user experience,ux,ux design,用户体验设计; 交互设计=interaction design; 原型设计=prototyping,wireframing; Axure; 用户研究=user research; Blender!; 平面设计=graphic design`,
  business: `项目管理=project management,project manager,项目经理; 产品设计=product design; 产品管理=product management,product manager,产品规划,产品经理; 敏捷=agile,敏捷开发; Scrum; 看板=kanban; Jira; Confluence; PMP; 需求分析=requirements analysis,requirement analysis; 竞品分析=competitive analysis; 商业分析=business analysis,business analyst; 团队管理=team management,团队建设; 数据运营; 用户运营; 内容运营; 新媒体运营=social media marketing;
    市场营销=marketing; 数字营销=digital marketing; SEO=搜索引擎优化; SEM=搜索引擎营销; 品牌管理=brand management; 文案=copywriting; CRM; ERP; SAP; Salesforce; 销售管理=sales management; 大客户销售=key account management,account management; 商务谈判=negotiation,contract negotiation; 供应链管理=supply chain management,supply chain; 采购=procurement;
    质量管理=quality management,quality assurance,qa!; 六西格玛=six sigma; 精益生产=lean manufacturing; 财务分析=financial analysis; 财务建模=financial modeling,financial modelling; 会计=accounting; 审计=auditing; 税务=taxation; 预算管理=budgeting; 风险管理=risk management; 成本控制=cost control; 投资分析=investment analysis; 用友=用友erp; 金蝶=金蝶erp; CPA; CFA;
    招聘=recruiting,recruitment,talent acquisition; 绩效管理=performance management; 薪酬福利=compensation and benefits; 员工关系=employee relations; 培训=training!; 客户服务=customer service; 公开演讲=public speaking; 翻译=translation; 法律合规=compliance,regulatory compliance; PowerPoint=ppt; Word!; Microsoft Office=ms office,office办公软件; HTTP; UML`,
};

export const gazetteer: readonly SkillEntry[] = Object.entries(groups).flatMap(([group, text]) =>
  text.split(';').map((entry) => {
    const [name = '', others = ''] = entry.trim().split(/(?<!\/)=(?=\S)/, 2);
    return {
      name: name.replace('!', ''),
      group,
      aliases: [name, ...others.split(',')].map((alias) => alias.trim()).filter((alias) => alias !== ''),
    };
  }),
);

/** Chinese names, which a cutter of words has to know as one word. */
export const chineseTerms: readonly string[] = gazetteer
  .flatMap(({ aliases }) => aliases)
  .filter((alias) => /^\p{Script=Han}+$/u.test(alias));
