-- Cases: those accepted at the applicant's place name the order and their place in it, so that none is made twice.
-- depends: 0001_cases

ALTER TABLE cases ADD COLUMN onsite_order text, ADD COLUMN onsite_nth integer CHECK (onsite_nth >= 0);
ALTER TABLE cases ADD CONSTRAINT cases_of_an_order CHECK ((onsite_order IS NULL) = (onsite_nth IS NULL)) NOT VALID;
CREATE UNIQUE INDEX one_case_an_acceptance_on_site ON cases (hall, onsite_order, onsite_nth)
    WHERE onsite_order IS NOT NULL;
