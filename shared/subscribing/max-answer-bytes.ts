/**
 * Of UTF-8. Meta takes up to 1000 bytes by one of its pages, and fewer than 1000 characters by another: this keeps to
 * either. https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api
 */
export const maxAnswerBytes = 999;
