const EVIDENCE = 'evidence { source start end quote }';
const ASSESSMENT = `assessment { score explanation subScores { dimension score weight } matched { share requirement { kind label ${EVIDENCE} } ${EVIDENCE} } missing { label } }
  notes { kind text cap ${EVIDENCE} }`;
const JOB =
  'id companyId companyName title text country city workMode salary { min max currency period } status postedAt expiresAt revision postedBy';
export const CREATE_JOB = `mutation($input: CreateJobInput!) { createJob(input: $input) { job { ${JOB} requirements(locale: "en") { kind importance label } } } }`;
export const UPDATE_JOB = `mutation($input: UpdateJobInput!) { updateJob(input: $input) { job { ${JOB} } } }`;
export const PUBLISH_JOB = `mutation($id: ID!) { publishJob(id: $id) { job { ${JOB} } } }`;
export const CLOSE_JOB = `mutation($id: ID!) { closeJob(id: $id) { job { ${JOB} } } }`;
export const DELETE_JOB = 'mutation($id: ID!) { deleteJob(id: $id) { deletedId } }';
export const JOB_BY_ID = `query($id: ID!) { job(id: $id) { ${JOB} } }`;
export const JOBS = `query($filter: JobFilterInput, $orderBy: JobOrderInput, $first: Int, $after: String) {
  jobs(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes { id title } } }`;
export const RECOMMEND_JOBS = `query($id: ID!, $wishes: JobWishesInput, $locale: String = "en", $minScore: Int = 1, $first: Int = 10, $after: String) {
  recommendJobs(resumeId: $id, wishes: $wishes, locale: $locale, minScore: $minScore, first: $first, after: $after) {
    version { id understanding { text } } pageInfo { hasNextPage hasPreviousPage endCursor } hits { score job { id title text postedAt } ${ASSESSMENT} } } }`;
export const RECOMMEND_RESUMES = `query($id: ID!, $wishes: ResumeWishesInput, $locale: String = "en", $minScore: Int = 1, $first: Int = 10, $after: String) {
  recommendResumes(jobId: $id, wishes: $wishes, locale: $locale, minScore: $minScore, first: $first, after: $after) {
    pageInfo { hasNextPage hasPreviousPage endCursor } hits { score resume { id title } version { id } ${ASSESSMENT} } } }`;
